import { freePort } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { respond, startScriptedServer } from "../test/scripted-server.ts";
import { createJifenClient } from "./client.ts";
import { exportLogs } from "./export-file.ts";

const failure = (call: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(call).then(
    () => "no error",
    (error: unknown) => (error instanceof Error ? error.message : error),
  );
const user = { email: "a@example.com", password: "password123" };

describe("messages of failures without a response of Jifen", () => {
  test("NETWORK_ERROR names the address of the server that was not reached, in a call and in a file", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const [zh, en] = [createJifenClient({ url }), createJifenClient({ url, language: "en" })];
    expect(await failure(zh.auth.login.mutate(user))).toBe(`连接不上服务器 ${url}，请检查网络后重试`);
    const message = `The server at ${url} cannot be reached; check the network and try again`;
    expect(await failure(en.auth.login.mutate(user))).toBe(message);
    expect(await failure(exportLogs(en))).toBe(message);
  });

  test("a path of the site is named as an address", async () => {
    const fetch = () => Promise.reject(new TypeError("offline"));
    const jifen = createJifenClient({ url: "/api/jifen/", language: "en", fetch });
    expect(await failure(jifen.auth.login.mutate(user))).toBe(
      "The server at /api/jifen cannot be reached; check the network and try again",
    );
  });

  const [wrong, busy] = [
    { zh: "请检查地址", en: "check the address" },
    { zh: "请稍后重试", en: "try again later" },
  ];
  test.each([
    { says: "a page", type: "text/html", text: "<html>", status: 200, hint: wrong },
    {
      says: "JSON of another service",
      type: "application/json",
      text: '{"message":"Not Found"}',
      status: 404,
      hint: wrong,
    },
    { says: "the page of a proxy", type: "text/html", text: "<html>", status: 500, hint: busy },
  ])("the message about $says with status $status names the address and the status", async (answer) => {
    const { type, text, status, hint } = answer;
    await using server = await startScriptedServer(respond(status, type, text));
    const { url } = server;
    const charge = (language: "zh" | "en") =>
      createJifenClient({ url, token: "t", language }).credits.consume.mutate({ amount: 1, action: "a" });
    expect(await failure(charge("zh"))).toBe(`${url} 的响应（HTTP ${status}）不是来自 Jifen，${hint.zh}`);
    expect(await failure(charge("en"))).toBe(`The response of ${url} (HTTP ${status}) is not from Jifen; ${hint.en}`);
  });

  test("a server that a proxy does not reach (503) is asked four times, and the message says to try again later", async () => {
    await using server = await startScriptedServer(respond(503, "text/html", "<html>"));
    const { url } = server;
    const jifen = createJifenClient({ url, token: "t", language: "en" });
    expect(await failure(jifen.credits.consume.mutate({ amount: 1, action: "a" }))).toBe(
      `The response of ${url} (HTTP 503) is not from Jifen; try again later`,
    );
    expect(server.requests).toHaveLength(4);
  });

  test("calls, files and live events of a server under a path keep the path, and so do their messages", async () => {
    await using server = await startScriptedServer(respond(404, "text/html", "<html>"));
    const url = `${server.url}/jifen`;
    const jifen = createJifenClient({ url: `${url}/`, token: "t", language: "en" });
    const message = `The response of ${url} (HTTP 404) is not from Jifen; check the address`;
    expect(await failure(jifen.credits.balance.query())).toBe(message);
    expect(await failure(exportLogs(jifen))).toBe(message);
    expect(await failure(jifen.live.events().next())).toBe(message);
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/jifen/trpc/credits.balance",
      "/jifen/logs/export",
      "/jifen/live",
    ]);
  });

  test("a Jifen that does not know the path names the address and the procedure, and says what to check", async () => {
    const refusal = JSON.stringify({ code: "NOT_FOUND", message: "No endpoint has this path", requestId: "r" });
    await using server = await startScriptedServer(respond(404, "application/json", refusal));
    const call = (url: string, language: "zh" | "en") =>
      failure(createJifenClient({ url, token: "t", language }).credits.balance.query());
    expect(await call(`${server.url}/wrong`, "zh")).toMatch(`${server.url}/wrong 没有 credits.balance。请检查地址`);
    expect(await call(`${server.url}/wrong`, "en")).toMatch(
      `${server.url}/wrong has no credits.balance. Check the address, whether client and server have the same version`,
    );
  });

  test("the message about a file and about live events of another service names the address and the status", async () => {
    await using server = await startScriptedServer(respond(404, "text/html", "<html>"));
    const jifen = createJifenClient({ url: server.url, token: "t", language: "en" });
    const message = `The response of ${server.url} (HTTP 404) is not from Jifen; check the address`;
    expect(await failure(exportLogs(jifen))).toBe(message);
    expect(await failure(jifen.live.events().next())).toBe(message);
  });
});
