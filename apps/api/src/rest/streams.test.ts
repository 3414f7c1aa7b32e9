import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { streamEvents } from "../../test/echo-operations.ts";
import { startEchoServer } from "../../test/echo-server.ts";

let server: Awaited<ReturnType<typeof startEchoServer>>;
beforeAll(async () => {
  server = await startEchoServer();
});
afterAll(() => server.stop());
beforeEach(() => void streamEvents.splice(0));

const path = (query = "", name = "a") => `/transactions/${name}/count${query}`;

const get = (target: string, { method = "GET", headers = {}, isKnown = true } = {}) =>
  fetch(server.url + target, {
    method,
    headers: { ...headers, ...(isKnown ? { authorization: `Bearer ${server.token}` } : {}) },
  });

/** Opens a connection and sends a request that is not answered to its end. */
function open(target: string, version = "1.1"): Socket {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`GET ${target} HTTP/${version}\r\nHost: x\r\nAuthorization: Bearer ${server.token}\r\n\r\n`);
  return socket;
}

/** Everything that arrives on a connection until it is closed, and how. */
async function received(socket: Socket): Promise<{ text: string; error: string | undefined }> {
  const chunks: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let error: string | undefined;
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", ({ code }: NodeJS.ErrnoException) => {
    error = code;
  });
  socket.on("close", () => resolve());
  await promise;
  return { text: Buffer.concat(chunks).toString(), error };
}

describe("a stream", () => {
  test("a stream is sent with its content type, its file name, no-store and the headers of all responses", async () => {
    const response = await get(path(), { headers: { origin: "https://site.example" } });
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: "x".repeat(30) });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="user@example.com __.csv"; filename*=UTF-8''user%40example.com%20%E6%97%A5%E5%BF%97.csv`,
      "cache-control": "no-store",
      "accept-ranges": "none",
      "x-request-id": expect.stringMatching(/^req-/),
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "https://site.example",
    });
    expect(streamEvents).toEqual(["a: started", "a: sent 3"]);
  });

  test("the handler of a stream reads the headers that it needs", async () => {
    const response = await get(path(), { headers: { "last-event-id": "7" } });
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="user@example.com 7.csv"');
    await response.text();
  });

  test("a range is ignored: the whole stream is sent with 200", async () => {
    const response = await get(path(), { headers: { range: "bytes=0-4" } });
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: "x".repeat(30) });
  });

  test("HEAD has the headers of GET and starts no work", async () => {
    const response = await get(path(), { method: "HEAD" });
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: "" });
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(response.headers.get("content-disposition")).toContain("user@example.com");
    expect(streamEvents).toEqual([]);
  });

  test("another method is refused with 405 and the methods of the path", async () => {
    const response = await get(path(), { method: "POST" });
    expect({ status: response.status, allow: response.headers.get("allow") }).toEqual({
      status: 405,
      allow: "GET, HEAD",
    });
  });
});

describe("the refusals of a stream", () => {
  test.each([
    { target: path(), isKnown: false, status: 401, body: { code: "UNAUTHENTICATED" } },
    { target: path("?chunks=0"), status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: "chunks" }] } },
    { target: path("?x=1"), status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: "x" }] } },
    { target: path("?name=b"), status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: "name" }] } },
    { target: path("", "%E0%A4%A"), status: 404, body: { code: "NOT_FOUND" } },
    { target: path("?ends=refused"), status: 429, body: { code: "RATE_LIMITED", retryAfterSeconds: 7 } },
    { target: path("?ends=thrown"), status: 500, body: { code: "INTERNAL_ERROR" } },
  ])("$target without a stream is answered with $status and JSON", async ({ target, status, body, isKnown = true }) => {
    const response = await get(target, { isKnown });
    expect({ status: response.status, body: await response.json() }).toMatchObject({ status, body });
    expect(response.headers.get("content-disposition")).toBeNull();
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("an invalid query is reported only to callers", async () => {
    expect((await get(path("?chunks=0"), { isKnown: false })).status).toBe(401);
  });
});

describe("a stream that fails", () => {
  test("a stream that fails ends its connection without its end and without the error", async () => {
    const { text, error } = await received(open(path("?ends=with+an+error")));
    expect(text).toContain("x".repeat(10));
    expect(text).not.toMatch(/\r\n0\r\n\r\n$|secret/);
    expect(error).toBe("ECONNRESET");
  });

  test("a client without chunks, of HTTP/1.0, notices as well", async () => {
    const { text, error } = await received(open(path("?ends=with+an+error"), "1.0"));
    expect(text).toContain("x".repeat(30));
    expect({ error, leaks: text.includes("secret") }).toEqual({ error: "ECONNRESET", leaks: false });
  });

  test("fetch rejects the body of a stream that fails", async () => {
    const response = await get(path("?ends=with+an+error"));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test("a stream that fails while its client does not read has no end either", async () => {
    const socket = open(path("?chunks=30&bytes=1000000&ends=with+an+error"));
    socket.pause();
    await pause(300);
    const all = received(socket);
    socket.resume();
    const { text } = await all;
    expect(text.endsWith("0\r\n\r\n")).toBe(false);
    expect(text).not.toContain("secret");
  });
});

describe("the client of a stream", () => {
  test("a client that does not read stops the source, and the rest is made when it reads on", async () => {
    const socket = open(path("?chunks=200&bytes=1000000", "slow"));
    await expect.poll(() => streamEvents).toContain("slow: started");
    socket.pause();
    await pause(500);
    // 200 MB are more than the buffers of the operating system.
    expect(streamEvents).not.toContain("slow: sent 200");
    socket.resume();
    await expect.poll(() => streamEvents, { timeout: timeLimit(20) }).toContain("slow: sent 200");
    socket.destroy();
  });

  test.each(["a stream that waits", "a stream that is not read"])("a client that leaves cancels %s", async (which) => {
    const isWaiting = which === "a stream that waits";
    const socket = open(path(isWaiting ? "?ends=never" : "?chunks=1000000&bytes=100000", "gone"));
    await expect.poll(() => streamEvents).toContain("gone: started");
    if (!isWaiting) socket.pause();
    await pause(100);
    socket.destroy();
    await expect.poll(() => streamEvents, { timeout: timeLimit(1) }).toContain("gone: left");
    const cancelled = `gone: cancelled before ${isWaiting ? "its end" : "all was sent"}`;
    await expect.poll(() => streamEvents, { timeout: timeLimit(1) }).toContain(cancelled);
  });

  test("a client that only closes its sending side has left as well", async () => {
    const socket = open(path("?ends=never", "half"));
    await expect.poll(() => streamEvents).toContain("half: started");
    socket.end();
    await expect.poll(() => streamEvents, { timeout: timeLimit(1) }).toContain("half: left");
  });
});

test("a stopping server tells its streams, and ends when they do", async () => {
  const own = await startEchoServer();
  const response = await fetch(`${own.url}${path("?ends=never", "stopped")}`, {
    headers: { authorization: `Bearer ${own.token}` },
  });
  const stopped = own.stop();
  await expect.poll(() => streamEvents).toContain("stopped: stopping");
  await response.body?.cancel();
  await stopped;
  expect(streamEvents).toContain("stopped: left");
});
