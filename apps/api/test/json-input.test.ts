import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer, user } from "./start-server.ts";

let server: Server;
let token: string;
beforeAll(async () => {
  server = await startServer("sqlite");
  token = await server.token();
});
afterAll(() => server.stop());

const balance = async () => (await server.call("GET", "/credits/balance", { token })).body.balance;

/** Sends a body exactly as written. @returns the status and the error body, in English */
async function send(path: string, body: string | Buffer) {
  const response = await fetch(`${server.api.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "accept-language": "en" },
    body: new Uint8Array(Buffer.from(body)),
  });
  const answer = JSON.parse(await response.text());
  return { status: response.status, body: answer.error?.json.data.app ?? answer[0]?.error?.json.data.app ?? answer };
}

/** The paths at which REST and tRPC read a JSON text, each with the text around an input. */
const transports = [
  { name: "REST", path: "/credits/consume", wrap: (input: string) => input, within: "" },
  { name: "tRPC", path: "/trpc/credits.consume", wrap: (input: string) => `{"json":${input}}`, within: "json." },
  {
    name: "a tRPC batch",
    path: "/trpc/credits.consume,credits.consume?batch=1",
    wrap: (input: string) => `{"0":{"json":${input}}}`,
    within: "0.json.",
  },
];

describe.each(transports)("a body of $name", ({ path, wrap, within }) => {
  test.each([
    { body: '{"amount":1,"action":"a","amount":50}', names: "amount" },
    { body: String.raw`{"amount":1,"action":"a","\u0061mount":50}`, names: "amount" },
    { body: '{"amount":1,"action":"a","idempotencyKey":"k1","idempotencyKey":"k2"}', names: "idempotencyKey" },
    { body: '{"amount":1,"action":"a","metadata":{"order":{"id":1,"id":2}}}', names: "metadata.order.id" },
    { body: '{"amount":1,"action":"a","metadata":{"list":[0,{"x":1,"x":1}]}}', names: "metadata.list.1.x" },
  ])("$body is refused, and the repeated member is named", async ({ body, names }) => {
    const before = await balance();
    expect(await send(path, wrap(body))).toMatchObject({
      status: 400,
      body: {
        code: "MALFORMED_JSON",
        issues: [{ path: `${within}${names}`, message: "must not be repeated in the same object" }],
      },
    });
    expect(await balance()).toBe(before);
  });

  const input = wrap('{"amount":1,"action":"画"}');
  const utf16 = Buffer.from(input, "utf16le");
  test.each([
    { says: "a byte order mark", body: `\ufeff${input}`, message: /byte order mark/ },
    { says: "UTF-16 with a byte order mark", body: Buffer.from(`\ufeff${input}`, "utf16le"), message: /UTF-8/ },
    { says: "UTF-16 in network order", body: Buffer.from(utf16).swap16(), message: undefined },
    {
      says: "GBK",
      body: Buffer.concat([Buffer.from(input.split("画")[0] ?? ""), Buffer.from([0xbb, 0xad]), Buffer.from('"}')]),
      message: /UTF-8/,
    },
    {
      says: "a truncated character",
      body: Buffer.from(input).subarray(0, Buffer.from(input).indexOf("画") + 2),
      message: /UTF-8/,
    },
    {
      says: "an encoded surrogate",
      body: Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
      message: /UTF-8/,
    },
    { says: "nothing after a byte order mark", body: "\ufeff", message: /byte order mark/ },
  ])("$says is refused", async ({ body, message }) => {
    const answer = await send(path, body);
    expect(answer).toMatchObject({ status: 400, body: { code: "MALFORMED_JSON" } });
    if (message) expect(answer.body.issues).toEqual([{ path: "", message: expect.stringMatching(message) }]);
  });

  test.each([
    { metadata: '{"__proto__":{"role":"admin"}}', names: "metadata.__proto__" },
    { metadata: '{"a":[{"\\u005f_proto__":null}]}', names: "metadata.a.0.__proto__" },
  ])("metadata with a member __proto__ is refused and the member named: $metadata", async ({ metadata, names }) => {
    expect(await send(path, wrap(`{"amount":1,"action":"a","metadata":${metadata}}`))).toMatchObject({
      status: 400,
      body: { code: "VALIDATION_FAILED", issues: [{ path: names, message: "is a reserved name; rename the field" }] },
    });
  });
});

describe("metadata", () => {
  test.each([
    '{"constructor":"McLaren","prototype":{"constructor":null},"hasOwnProperty":1,"toString":[],"":0}',
    String.raw`{"text":"\ud800","\udfff":"\u0000\u2028","null":null}`,
    '{"small":1e-7,"large":9007199254740991,"negative":-1.5,"float":0.30000000000000004}',
  ])("metadata is returned as it was sent: %s", async (metadata) => {
    const spent = await send("/credits/consume", `{"amount":1,"action":"a","metadata":${metadata}}`);
    expect(spent.status).toBe(200);
    const path = `/credits/transactions/${spent.body.transactionId}`;
    const { body } = await server.call("GET", path, { token });
    expect(body.metadata).toEqual(JSON.parse(metadata));
    const typed = await server.call(
      "GET",
      `/trpc/transactions.find?input=${encodeURIComponent(JSON.stringify({ json: { transactionId: spent.body.transactionId } }))}`,
      { token },
    );
    expect(typed.body.result.data.json.metadata).toEqual(JSON.parse(metadata));
  });

  test.each(["1e400", "-1e400", "9007199254740993", "1e16"])(
    "a number that was changed by parsing is refused: %s",
    async (number) => {
      expect(await send("/credits/consume", `{"amount":1,"action":"a","metadata":{"deep":[${number}]}}`)).toMatchObject(
        { status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path: "metadata" }] } },
      );
    },
  );

  test("a whole number can have a fraction of zero or an exponent", async () => {
    for (const amount of ["1.0", "1e0", "0.1e1"]) {
      expect(await send("/credits/consume", `{"amount":${amount},"action":"a"}`)).toMatchObject({ status: 200 });
    }
    for (const amount of ["-0", "-0.0", "0e5", "0.5"]) {
      expect(await send("/credits/consume", `{"amount":${amount},"action":"a"}`)).toMatchObject({
        status: 400,
        body: { issues: [{ path: "amount" }] },
      });
    }
  });
});

describe("details of a log", () => {
  test("details with a repeated or a reserved member are refused", async () => {
    const log = (details: string) =>
      send(
        "/logs/create",
        `{"userId":"${user.email}","action":"a","details":${details},"success":true,"timestamp":"2025-01-01T00:00:00Z"}`,
      );
    expect(await log('{"a":{"b":1,"b":1}}')).toMatchObject({ body: { issues: [{ path: "details.a.b" }] } });
    expect(await log('{"a":{"__proto__":1}}')).toMatchObject({ body: { issues: [{ path: "details.a.__proto__" }] } });
    expect(await log('{"a":{"constructor":1}}')).toMatchObject({ status: 200 });
  });
});

describe("a query", () => {
  const get = (path: string) => server.call("GET", path, { token, headers: { "accept-language": "en" } });

  test.each(["%ff", "a%E7%A7", "%ED%A0%80", "%C0%AF"])(
    "a parameter that is not UTF-8 is refused and named: action=%s",
    async (value) => {
      expect(await get(`/credits/transactions?limit=5&action=${value}`)).toMatchObject({
        status: 400,
        body: { code: "VALIDATION_FAILED", issues: [{ path: "action", message: "must be UTF-8 in percent-encoding" }] },
      });
    },
  );

  test.each(["%EF%BF%BD", "100%25", "%E7%A7%AF+%F0%9F%98%80"])(
    "a parameter that is UTF-8 is accepted: action=%s",
    async (value) => {
      expect((await get(`/credits/transactions?action=${value}`)).status).toBe(200);
    },
  );

  const input = (json: string) => `/trpc/transactions.list?input=${encodeURIComponent(json)}`;
  test("the input of a tRPC query is read by the same rules", async () => {
    expect((await get(input('{"json":{"limit":5}}'))).status).toBe(200);
    const refused = [
      { path: input('{"json":{"limit":5,"limit":6}}'), names: "input.json.limit" },
      { path: `${input('{"json":{"limit":5}}')}&input=%7B%7D`, names: "input" },
      { path: `${input('{"json":{"limit":5}}')}%FF`, names: "input" },
    ];
    for (const { path, names } of refused) {
      const { status, body } = await get(path);
      expect({ status, issues: body.error.json.data.app.issues }).toMatchObject({
        status: 400,
        issues: [{ path: names }],
      });
    }
  });
});
