import { startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJifenClient, exportLogs, exportTransactions, isJifenError, type JifenClient } from "../src/index.ts";
import { respond, type Step, startScriptedServer } from "./scripted-server.ts";

const textOf = (stream: ReadableStream<Uint8Array>) => new Response(stream).text();

describe("files, against the real server", () => {
  const credentials = { email: "user@example.com", password: "password123" };
  let jifen: JifenClient;
  let stop: () => Promise<unknown>;
  beforeAll(async () => {
    const env = { USER_WHITELIST: `${credentials.email}:${credentials.password}`, INITIAL_CREDITS: "7" };
    const api = await startApi({ env });
    stop = () => api.stop();
    const { token } = await createJifenClient({ url: api.url }).auth.login.mutate(credentials);
    jifen = createJifenClient({ url: `${api.url}/`, token, language: "en" });
    for (const success of [true, false]) {
      const log = { userId: credentials.email, action: "视频", details: { success }, success };
      await jifen.logs.create.mutate({ ...log, timestamp: new Date().toISOString() });
    }
  });
  afterAll(() => stop?.());

  test("exportLogs reads a whole file of the logs that match", async () => {
    const file = await textOf(await exportLogs(jifen, { format: "ndjson", success: false, details: true }));
    const [log, last, end] = file.split("\n");
    expect(JSON.parse(log ?? "")).toMatchObject({ action: "视频", success: false, details: { success: false } });
    expect(JSON.parse(last ?? "")).toEqual({ total: { rows: 1, failures: 1, durationMs: 0 } });
    expect(end).toBe("");
    expect((await textOf(await exportLogs(jifen))).split("\r\n").at(-2)).toMatch(/^Total,2 rows,/);
  });

  test("exportTransactions reads a whole file of the journal", async () => {
    const file = await textOf(await exportTransactions(jifen, { format: "ndjson" }));
    expect(JSON.parse(file.split("\n")[0] ?? "")).toMatchObject({ kind: "grant", amount: 7 });
  });

  test("a refusal is thrown before the first byte, with its details", async () => {
    const refused = await exportLogs(jifen, { tz: "UTC+8" }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "VALIDATION_FAILED", status: 400, details: { issues: [{ path: "tz" }] } });
    expect(isJifenError(refused, "VALIDATION_FAILED")).toBe(true);
  });

  test("an aborted file throws ABORTED", async () => {
    const options = { signal: AbortSignal.abort(new Error("not needed")) };
    await expect(exportLogs(jifen, {}, options)).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("a file that breaks off", () => {
  const head = '{"logId":"log-1"}\n';
  const breakOff: Step = (response) => {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write(head, () => setTimeout(() => response.destroy(), 50));
  };
  const exportFrom = async (step: Step) => {
    await using server = await startScriptedServer(step);
    const jifen = createJifenClient({ url: server.url, token: "t", language: "en" });
    return await exportLogs(jifen, { format: "ndjson" })
      .then(textOf)
      .catch((error: unknown) => error);
  };

  test("a lost connection fails the stream with a JifenError", async () => {
    expect(await exportFrom(breakOff)).toMatchObject({ code: "NETWORK_ERROR" });
  });

  test("a file without its total fails, though its response ended well", async () => {
    const failed = await exportFrom(respond(200, "application/x-ndjson", head));
    expect(failed).toMatchObject({
      code: "NETWORK_ERROR",
      cause: { message: expect.stringContaining("before its total") },
    });
    const whole = `${head}{"total":{"rows":1}}\n`;
    expect(await exportFrom(respond(200, "application/x-ndjson", whole))).toBe(whole);
  });

  test("a response that is not from Jifen is UNEXPECTED_RESPONSE", async () => {
    expect(await exportFrom(respond(502, "text/html", "<html>"))).toMatchObject({
      code: "UNEXPECTED_RESPONSE",
      status: 502,
    });
  });
});
