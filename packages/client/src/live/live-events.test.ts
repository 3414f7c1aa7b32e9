import { expect, test } from "vitest";
import { cut, hold, type LiveServer, logText, refuseStream, send, startLiveServer } from "../../test/live-server.ts";
import { createJifenClient } from "../client.ts";
import type { LiveEvent } from "./live-event.ts";
import type { LiveOptions } from "./live-events.ts";

const textOf = (event: LiveEvent) => (event.kind === "log" ? event.log.logId : event.kind);

/** The first events of a stream. */
async function take({ url }: LiveServer, count: number, options?: LiveOptions) {
  const found: LiveEvent[] = [];
  for await (const event of createJifenClient({ url, token: "t" }).live.events(options)) {
    if (found.push(event) === count) break;
  }
  return found;
}

test("events are delivered with their kind, id and data", async () => {
  const balance = 'event: balance\nid: live-2\ndata: {"balance":5,"held":1}\n\n';
  await using server = await startLiveServer(
    hold(
      "event: resync\nid: live-1\ndata: {}\n\n",
      ": heartbeat\n\n",
      "event: later\ndata: 1\n\n",
      balance,
      logText("a"),
    ),
  );
  expect(await take(server, 3)).toEqual([
    { kind: "resync", id: "live-1" },
    { kind: "balance", id: "live-2", balance: 5, held: 1 },
    { kind: "log", id: "id-of-a", log: { logId: "a" } },
  ]);
});

test("the request has the kinds, the last event, the token and the language", async () => {
  await using server = await startLiveServer(hold(logText("a")));
  const jifen = createJifenClient({ url: `${server.url}/api/`, getToken: async () => "fresh", language: "en" });
  for await (const _ of jifen.live.events({ kinds: ["log", "balance"], lastEventId: "live-0" })) break;
  expect(server.requests[0]).toMatchObject({
    url: "/api/live?kinds=log%2Cbalance&lastEventId=live-0",
    headers: { authorization: "Bearer fresh", "accept-language": "en", accept: "text/event-stream" },
  });
});

test("the client resumes after the last event, and delivers a log that is repeated once", async () => {
  await using server = await startLiveServer(
    send(logText("a"), "event: reconnect\ndata: {}\n\n"),
    cut(logText("a"), logText("b")),
    hold(logText("b"), logText("a"), logText("c")),
  );
  expect((await take(server, 3)).map(textOf)).toEqual(["a", "b", "c"]);
  expect(server.requests.map(({ url }) => url)).toEqual([
    "/live",
    "/live?lastEventId=id-of-a",
    "/live?lastEventId=id-of-b",
  ]);
});

test("characters that are split between two packets are read", async () => {
  const bytes = Buffer.from('event: log\nid: 1\ndata: {"logId":"日志😀"}\n\n');
  await using server = await startLiveServer((response) => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    const sendByte = (at: number) => {
      if (at < bytes.length) response.write(bytes.subarray(at, at + 1), () => setImmediate(sendByte, at + 1));
    };
    sendByte(0);
  });
  expect((await take(server, 1)).map(textOf)).toEqual(["日志😀"]);
});

test("a server that is overloaded, restarts or is not there is tried again", async () => {
  await using server = await startLiveServer(
    refuseStream(503, "OVERLOADED"),
    (response) => response.destroy(),
    (response) => void response.writeHead(502, { "content-type": "text/html" }).end("Bad Gateway"),
    hold(logText("a")),
  );
  expect((await take(server, 1)).map(textOf)).toEqual(["a"]);
  expect(server.requests).toHaveLength(4);
});

test.each([
  { status: 403, code: "FORBIDDEN", requests: 1 },
  { status: 400, code: "VALIDATION_FAILED", requests: 1 },
  { status: 401, code: "UNAUTHENTICATED", requests: 2 },
])("a refusal $code ends the events after $requests requests", async ({ status, code, requests }) => {
  await using server = await startLiveServer(refuseStream(status, code));
  const error = { name: "JifenError", code, status, requestId: "req-1", details: { roles: ["user"] } };
  await expect(take(server, 1)).rejects.toMatchObject({ ...error, message: `the message of ${code}` });
  expect(server.requests).toHaveLength(requests);
});

test("a token that has expired is replaced by a new one", async () => {
  await using refusing = await startLiveServer(refuseStream(401, "UNAUTHENTICATED"), hold(logText("b")));
  const tokens = ["old", "new"];
  const jifen = createJifenClient({ url: refusing.url, getToken: () => tokens.shift() });
  for await (const event of jifen.live.events()) {
    expect(textOf(event)).toBe("b");
    break;
  }
  expect(refusing.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer new"]);
});

test("a signal ends the events without an error, also while the client waits to connect again", async () => {
  await using open = await startLiveServer(hold(logText("a")));
  await using refusing = await startLiveServer(refuseStream(429, "RATE_LIMITED", { "retry-after": "60" }));
  for (const server of [open, refusing]) {
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(), 200);
    const found = await take(server, 9, { signal: leaving.signal });
    expect(found.map(textOf)).toEqual(server === open ? ["a"] : []);
  }
  expect(await take(open, 1, { signal: AbortSignal.abort() })).toEqual([]);
});

test("leaving the loop closes the connection", async () => {
  let isClosed = false;
  await using server = await startLiveServer((response) => {
    response.once("close", () => {
      isClosed = true;
    });
    hold(logText("a"))(response, response.req);
  });
  await take(server, 1);
  await expect.poll(() => isClosed).toBe(true);
});

test("procedures are called as before beside the live events", () => {
  const jifen = createJifenClient({ url: "http://127.0.0.1:1" });
  expect(typeof jifen.live.events).toBe("function");
  expect(typeof jifen.credits.balance.query).toBe("function");
});
