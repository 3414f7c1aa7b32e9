import { connect } from "node:net";
import { timeLimit } from "@jifen/testkit/time-limit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectKnownRefusal, monitorServer, type Reply, type ServerMonitor } from "./fuzz.ts";
import { type Server, startServer } from "./start-server.ts";
import { inputUsers } from "./valid-inputs.ts";

const RUNS = 800;
/** A response is over after this long without data: after complete responses, and otherwise. */
const SILENCE_MS = { complete: 15, otherwise: 150 };

/** Valid requests; CREDENTIAL is replaced with a header. */
const validRequests = (
  [
    ["GET /credits/balance", "CREDENTIAL", ""],
    ["GET /credits/transactions?limit=2&kind=consume", "CREDENTIALX-User-Id: user@example.com\r\n", ""],
    ["HEAD /health", "", ""],
    ["OPTIONS /credits/consume", "Origin: http://a\r\nAccess-Control-Request-Method: POST\r\n", ""],
    ["POST /credits/consume", "CREDENTIALIdempotency-Key: k-1\r\n", '{"amount":1,"action":"video"}'],
    ["POST /credits/holds", "CREDENTIALExpect: 100-continue\r\n", '{"amount":1,"action":"video","ttlSeconds":60}'],
    ["POST /credits/holds/hold-1/capture", "CREDENTIAL", '{"amount":1}'],
    ["POST /auth/verify", "Accept-Language: en\r\n", '{"token":"a.b.c"}'],
    ["GET /trpc/credits.balance?input=%7B%7D", "CREDENTIAL", ""],
    ["POST /trpc/logs.create,credits.consume?batch=1", "CREDENTIAL", '{"0":{"json":{}},"1":{"json":{"amount":1}}}'],
  ] as const
).map(([line, headers, body]) => {
  const length = body === "" ? "" : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  return `${line} HTTP/1.1\r\nHost: a\r\n${headers}${length}\r\n${body}`;
});

/** Texts that HTTP parsers are known to fail on. */
const fragments = [
  ...'\r\n|\r\n\r\n|\r|\n|\0|\t| |:|;|,|/|//|?|#|%|%00|%2f|%2e%2e|\\|"|{|}|[|]|\xff|\xe9|\x7f|\x80'.split("|"),
  ..."HTTP/1.0|HTTP/1.1|HTTP/2|GET|POST|HEAD|PUT|CONNECT|TRACE|PATCH|PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".split("|"),
  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: identity, chunked\r\n",
  "Transfer-Encoding : chunked\r\n",
  "Content-Length: 0\r\n",
  "Content-Length: 5\r\n",
  "Content-Length: +1\r\n",
  "Content-Length: 99999999999999999999\r\n",
  "0\r\n\r\n",
  "5\r\n12345\r\n",
  "ffffffffffffffff\r\n",
  "Connection: close\r\n",
  "Connection: Upgrade\r\nUpgrade: websocket\r\n",
  "Expect: 100-continue\r\n",
  "Expect: kittens\r\n",
  "Host: b\r\n",
  "Host: [::1\r\n",
  " folded\r\n",
  "Authorization: Bearer a.b.c\r\n",
  "Authorization: Bearer jf_live_x\r\n",
  "CREDENTIAL",
  "X-User-Id: other@example.com\r\n",
  "X-Request-Id: \xe9\r\n",
  "Accept: application/problem+json\r\n",
  "Accept-Language: *;q=0.001\r\n",
  "Content-Type: application/json; charset=utf-16\r\n",
  "Content-Encoding: gzip\r\n",
  "Origin: null\r\n",
  "trpc-accept: application/jsonl\r\n",
  `X: ${"a".repeat(17_000)}\r\n`,
  ...validRequests,
];

/** One change: at a position or at the start of a line, bytes are replaced with others. */
const change = fc.record({
  at: fc.nat(),
  isAtLine: fc.boolean(),
  removed: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(40), fc.nat(4_000)),
  text: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...fragments) },
    fc.array(fc.nat(255), { maxLength: 8 }).map((bytes) => String.fromCharCode(...bytes)),
    fc.constant(""),
  ),
});
type Change = typeof change extends fc.Arbitrary<infer Each> ? Each : never;

function changed(request: string, { at, isAtLine, removed, text }: Change): string {
  const lines = [...request.matchAll(/\n/g)].map(({ index }) => index + 1);
  const place = (isAtLine ? lines[at % Math.max(lines.length, 1)] : at % (request.length + 1)) ?? 0;
  return request.slice(0, place) + text + request.slice(place + removed);
}

const requests = fc
  .tuple(fc.constantFrom(...validRequests), fc.array(change, { minLength: 1, maxLength: 4 }))
  .map(([request, changes]) => changes.reduce(changed, request));

/** Parses the complete responses at the start of the received bytes; `isAll` is whether nothing else follows. */
function parseResponses(bytes: string): { readonly replies: readonly Reply[]; readonly isAll: boolean } {
  const replies: Reply[] = [];
  let rest = bytes;
  for (;;) {
    const [head, status] = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(rest) ?? [];
    if (head === undefined) return { replies, isAll: rest === "" };
    const isChunked = /^transfer-encoding: chunked\r$/im.test(head);
    const length = Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0);
    const after = rest.slice(head.length);
    // A response to HEAD has a Content-Length and no body.
    const isHeadOnly = after === "" || after.startsWith("HTTP/1.1 ");
    const end = isChunked && !isHeadOnly ? after.indexOf("0\r\n\r\n") + 5 : isHeadOnly ? 0 : length;
    if (end > after.length || (isChunked && !isHeadOnly && end < 5)) return { replies, isAll: false };
    const body = after.slice(0, end);
    rest = after.slice(end);
    if (status !== "100") replies.push({ status: Number(status), body: bodyOf(head, body) });
  }
}

const bodyOf = (head: string, body: string): unknown =>
  /^content-type: application\/(problem\+)?json/im.test(head) && body !== ""
    ? JSON.parse(Buffer.from(body, "latin1").toString())
    : undefined;

describe("malformed requests", () => {
  let server: Server;
  let monitor: ServerMonitor;
  let credential: string;
  beforeAll(async () => {
    server = await startServer("sqlite", {
      USER_WHITELIST: inputUsers.map(({ email, password }) => `${email}:${password}`).join(","),
    });
    credential = `Authorization: Bearer ${await server.token()}\r\n`;
    monitor = await monitorServer(server);
  });
  afterAll(async () => {
    monitor?.stop();
    await server?.stop();
  });

  /** Sends bytes. @returns all bytes of the responses. */
  function send(bytes: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    let received = "";
    const socket = connect(Number(new URL(server.api.url).port), "127.0.0.1", () => socket.write(bytes, "latin1"));
    const end = () => socket.destroy();
    let quiet = setTimeout(end, SILENCE_MS.otherwise);
    socket.setEncoding("latin1").on("data", (text: string) => {
      received += text;
      clearTimeout(quiet);
      const { replies, isAll } = parseResponses(received);
      quiet = setTimeout(end, replies.length > 0 && isAll ? SILENCE_MS.complete : SILENCE_MS.otherwise);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(quiet);
      resolve(received);
    });
    return promise;
  }

  test("malformed requests are refused with a known code or dropped, a refusal writes nothing, and the server keeps serving", {
    timeout: timeLimit(180),
  }, async () => {
    // A request without a response can still be in progress when the next one is sent.
    let isSettled = true;
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const before = monitor.writeVersion();
        const { replies } = parseResponses(await send(request.replaceAll("CREDENTIAL", credential)));
        const after = monitor.writeVersion();
        for (const each of replies) if (each.status < 400 || each.body !== undefined) expectKnownRefusal(each);
        const isRefused = replies.length > 0 && replies.every(({ status }) => status >= 400);
        if (isRefused && isSettled) expect(after).toBe(before);
        isSettled = replies.length > 0;
        await monitor.expectHealthy();
      }),
      { numRuns: RUNS },
    );
    expect(server.api.logs().filter(({ level }) => level === "error" || level === "fatal")).toEqual([]);
    // Every line of output is JSON of the logger: no library writes past it, also when a client disconnects.
    const lines = server.api.output().split("\n");
    expect(lines.filter((line) => line !== "" && !line.startsWith("{"))).toEqual([]);
  });
});
