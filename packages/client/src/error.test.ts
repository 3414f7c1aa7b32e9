import { TRPCClientError } from "@trpc/client";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  neverRespond,
  refuse,
  respond,
  type Step,
  startScriptedServer,
  stopMidResponse,
} from "../test/scripted-server.ts";
import { createJifenClient, type JifenClientOptions } from "./client.ts";
import { isJifenError, JifenError } from "./error.ts";

const spend = { amount: 500, action: "video" };

async function failureOf(step: Step, options: Partial<JifenClientOptions> = {}): Promise<JifenError> {
  await using server = await startScriptedServer(step);
  const call = createJifenClient({ url: server.url, ...options } as JifenClientOptions).credits.consume.mutate(spend);
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!isJifenError(error)) throw new Error("not a JifenError", { cause: error });
  return error;
}

const insufficient = refuse({
  status: 402,
  app: { code: "INSUFFICIENT_CREDITS", balance: 95, required: 500 } as never,
});

describe("JifenError of a refusal", () => {
  test("a refusal has its code, status, request id and details", async () => {
    const error = await failureOf(insufficient);
    expect(error).toBeInstanceOf(JifenError);
    expect(error).toBeInstanceOf(TRPCClientError);
    expect(error).toMatchObject({
      name: "JifenError",
      code: "INSUFFICIENT_CREDITS",
      status: 402,
      requestId: "req-1",
      message: "积分不足",
      details: { balance: 95, required: 500 },
      idempotencyKey: expect.any(String),
    });
    // The fields that tRPC's own tools use are kept.
    expect(error.data?.app).toMatchObject({ code: "INSUFFICIENT_CREDITS" });
  });

  test("isJifenError with a code narrows the type of the details", async () => {
    const error: unknown = await failureOf(insufficient);
    if (!isJifenError(error, "INSUFFICIENT_CREDITS")) throw new Error("another code");
    expectTypeOf(error.details).toEqualTypeOf<{ balance: number; required: number }>();
    expect(error.details.required - error.details.balance).toBe(405);
  });

  test("a comparison of the code narrows the type of the details", async () => {
    const error: unknown = await failureOf(insufficient);
    if (isJifenError(error) && error.code === "INSUFFICIENT_CREDITS") {
      expectTypeOf(error.details.balance).toEqualTypeOf<number>();
    }
    expect(isJifenError(error, "OVERLOADED")).toBe(false);
    expect(isJifenError(new Error("other"))).toBe(false);
  });

  test("the refusal of a whole request is read without tRPC's error shape", async () => {
    const tooLarge = { code: "PAYLOAD_TOO_LARGE", message: "请求体过大", requestId: "req-2", limitBytes: 102_400 };
    const error = await failureOf(respond(413, "application/json", JSON.stringify(tooLarge)));
    expect(error).toMatchObject({
      code: "PAYLOAD_TOO_LARGE",
      status: 413,
      requestId: "req-2",
      details: { limitBytes: 102_400 },
    });
  });
});

describe("JifenError without a response of Jifen", () => {
  test.each([
    { says: "a page of a proxy", step: respond(403, "text/html", "<html>Forbidden</html>"), status: 403 },
    { says: "JSON of another server", step: respond(200, "application/json", '{"hello":"world"}'), status: 200 },
    { says: "JSON without a result", step: respond(200, "application/json", "[]"), status: undefined },
    { says: "an error of another server", step: respond(500, "application/json", '{"error":"no"}'), status: 500 },
  ])("$says is an UNEXPECTED_RESPONSE", async ({ step, status }) => {
    expect(await failureOf(step)).toMatchObject({ code: "UNEXPECTED_RESPONSE", status, requestId: undefined });
  });

  test.each([
    { says: "that never responds", step: neverRespond },
    { says: "that stops in the middle of a response", step: stopMidResponse },
  ])("an attempt at a server $says times out as NETWORK_ERROR", async ({ step }) => {
    const error = await failureOf(step, { timeoutMs: 50 });
    expect(error).toMatchObject({
      code: "NETWORK_ERROR",
      status: undefined,
      message: expect.stringMatching(/^连接不上服务器 http:\/\/127\.0\.0\.1:\d+，请检查网络后重试$/),
    });
    expect(error.cause).toMatchObject({ name: "TimeoutError" });
  });

  test("the message of a client-side failure is English with language en", async () => {
    const error = await failureOf(respond(404, "text/html", ""), { language: "en" });
    expect(error.message).toMatch(
      /^The response of http:\/\/127\.0\.0\.1:\d+ \(HTTP 404\) is not from Jifen; check the address$/,
    );
  });
});

describe("aborted calls and calls that cannot be sent", () => {
  test("an aborted call ends with ABORTED although the server never answers, and is not retried", async () => {
    const controller = new AbortController();
    // Aborts once the request has arrived, however long that takes.
    await using server = await startScriptedServer(() => controller.abort());
    const call = createJifenClient({ url: server.url }).credits.consume.mutate(spend, { signal: controller.signal });
    await expect(call).rejects.toMatchObject({
      code: "ABORTED",
      cause: { name: "AbortError" },
      idempotencyKey: expect.any(String),
    });
    expect(server.requests).toHaveLength(1);
  });

  test("an aborted call ends while it waits for a retry", async () => {
    await using server = await startScriptedServer(
      refuse({ status: 503, headers: { "retry-after": "9" }, app: { code: "OVERLOADED" } }),
    );
    const signal = AbortSignal.timeout(300);
    const call = createJifenClient({ url: server.url }).credits.balance.query(undefined, { signal });
    await expect(call).rejects.toMatchObject({ code: "ABORTED", cause: { name: "TimeoutError" } });
  });

  test("an aborted call ends before the server answers, and does not affect the other calls of its batch", async () => {
    const controller = new AbortController();
    let answer: () => void = () => undefined;
    await using server = await startScriptedServer((response) => {
      const body = JSON.stringify([
        { result: { data: { json: { balance: 1 } } } },
        { result: { data: { json: { balance: 2 } } } },
      ]);
      answer = () => void response.writeHead(200, { "content-type": "application/json" }).end(body);
      controller.abort();
    });
    const jifen = createJifenClient({ url: server.url });
    const stopped = jifen.credits.balance.query(undefined, { signal: controller.signal });
    const other = jifen.credits.balance.query();
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
    answer();
    expect(await other).toEqual({ balance: 2 });
    expect(server.requests).toHaveLength(1);
  });

  test("a getToken that throws is NOT_SENT with its error as the cause, and is not retried", async () => {
    let calls = 0;
    const getToken = () => {
      calls += 1;
      throw new Error("no session");
    };
    const error = await failureOf(insufficient, { getToken });
    expect(error).toMatchObject({ code: "NOT_SENT", cause: { message: "no session" } });
    expect(calls).toBe(1);
  });

  test("an invalid header value is NOT_SENT", async () => {
    expect(await failureOf(insufficient, { getToken: () => "a\nb" })).toMatchObject({ code: "NOT_SENT" });
  });
});
