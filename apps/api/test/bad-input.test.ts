import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
const log = { userId: "user@example.com", action: "a", details: {}, success: true, timestamp: "2025-01-01T00:00:00Z" };
const without = (field: string) =>
  JSON.stringify(Object.fromEntries(Object.entries(log).filter(([name]) => name !== field)));
const withLog = (change: Record<string, unknown>) => JSON.stringify({ ...log, ...change });

/** The request, and the field that an issue must name. */
const cases = [
  ...[
    "0",
    "-1",
    "1.5",
    "1e400",
    "-1e400",
    "9007199254740992",
    "9007199254740993",
    "1000000000001",
    '"5"',
    "null",
    "true",
    "[5]",
    "{}",
  ].map((amount) => ({ path: "/credits/consume", body: `{"amount":${amount},"action":"a"}`, names: "amount" })),
  { path: "/credits/consume", body: '{"action":"a"}', names: "amount" },
  { path: "/credits/consume", body: '{"amount":5}', names: "action" },
  { path: "/credits/consume", body: '{"amount":5,"action":""}', names: "action" },
  { path: "/credits/consume", body: '{"amount":5,"action":"   "}', names: "action" },
  { path: "/credits/consume", body: '{"amount":5,"action":5}', names: "action" },
  { path: "/credits/consume", body: `{"amount":5,"action":"${"x".repeat(101)}"}`, names: "action" },
  { path: "/credits/consume", body: '{"amount":5,"action":"a\\u0000b"}', names: "action" },
  { path: "/credits/consume", body: '{"amount":5,"action":"\\ud800"}', names: "action" },
  { path: "/credits/consume", body: '{"amount":5,"action":"a","userId":"other@example.com"}', names: "userId" },
  { path: "/credits/consume", body: '{"amount":5,"action":"a","__proto__":{"x":1}}', names: "__proto__" },
  { path: "/credits/consume", body: '{"amount":5,"action":"a","idempotencyKey":""}', names: "idempotencyKey" },
  { path: "/credits/consume", body: '{"amount":5,"action":"a","idempotencyKey":"a b"}', names: "idempotencyKey" },
  { path: "/credits/consume", body: '{"amount":5,"action":"a","metadata":[]}', names: "metadata" },
  {
    path: "/credits/consume",
    body: '{"amount":5,"action":"a","metadata":{"order":[7264819302746581942]}}',
    names: "metadata",
  },
  {
    path: "/credits/consume",
    body: `{"amount":5,"action":"a","metadata":{"x":"${"x".repeat(4_096)}"}}`,
    names: "metadata",
  },
  { path: "/credits/consume", body: `{"amount":5,"action":"a","metadata":${deep(33)}}`, names: "metadata" },
  { path: "/credits/consume", body: "null", names: "" },
  { path: "/credits/consume", body: "[]", names: "" },
  { path: "/credits/consume", body: '"text"', names: "" },
  ...Object.keys(log).map((field) => ({ path: "/logs/create", body: without(field), names: field })),
  { path: "/logs/create", body: withLog({ details: "text" }), names: "details" },
  { path: "/logs/create", body: withLog({ details: { x: "x".repeat(65_536) } }), names: "details" },
  {
    path: "/logs/create",
    body: `{"userId":"user@example.com","action":"a","details":${deep(10_000)},"success":true,"timestamp":"2025-01-01T00:00:00Z"}`,
    names: "details",
  },
  { path: "/logs/create", body: withLog({ success: "true" }), names: "success" },
  { path: "/logs/create", body: withLog({ timestamp: "yesterday" }), names: "timestamp" },
  { path: "/logs/create", body: withLog({ timestamp: "2025-01-01T00:00:00" }), names: "timestamp" },
  { path: "/logs/create", body: withLog({ timestamp: "2025-02-30T00:00:00Z" }), names: "timestamp" },
  { path: "/logs/create", body: withLog({ timestamp: 1_735_689_600_000 }), names: "timestamp" },
  { path: "/logs/create", body: withLog({ extra: 1 }), names: "extra" },
  { path: "/auth/login", body: '{"password":"x"}', names: "email" },
  { path: "/auth/login", body: '{"email":"user@example.com"}', names: "password" },
  { path: "/auth/login", body: '{"email":{"$ne":null},"password":"x"}', names: "email" },
  { path: "/auth/login", body: '{"email":"unknown","password":"x"}', names: "email" },
  { path: "/auth/login", body: '{"email":"user@example.com","password":{"$ne":null}}', names: "password" },
  { path: "/auth/login", body: `{"email":"user@example.com","password":"${"x".repeat(1_025)}"}`, names: "password" },
  { path: "/auth/login", body: '{"email":"user@example.com","password":"password123","role":"admin"}', names: "role" },
  { path: "/auth/verify", body: '{"token":5}', names: "token" },
  { path: "/auth/verify", body: "{}", names: "token" },
];

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`bad input on ${kind}`, () => {
    let server: Server;
    let token: string;
    beforeAll(async () => {
      server = await startServer(kind, { LOG_DETAILS_BYTES: "65536" });
      token = await server.token();
    });
    afterAll(() => server.stop());

    describe.each(cases)("POST $path with $body", ({ path, body, names }) => {
      test(`invalid input is refused with 400, and the issue names "${names}"`, async () => {
        const answer = await server.call("POST", path, { token, body });
        expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
        expect(answer.body.issues.map((issue: { path: string }) => issue.path)).toContain(names);
        expect(answer.body.issues.every((issue: { message: string }) => issue.message.length > 0)).toBe(true);
      });
    });

    test.each(["{", "{'amount':5}", "", "undefined", '{"amount":5,}'])(
      "malformed JSON %j is refused with 400 MALFORMED_JSON",
      async (body) => {
        const answer = await server.call("POST", "/credits/consume", { token, body });
        expect(answer).toMatchObject({ status: 400, body: { code: "MALFORMED_JSON" } });
      },
    );

    test("invalid input changes no balance and logs no error", async () => {
      expect((await server.call("GET", "/credits/balance", { token })).body).toMatchObject({ balance: 100 });
      expect(server.api.logs().filter(({ level }) => level === "error" || level === "fatal")).toEqual([]);
    });

    test("the response to thousands of unknown fields lists fewer than 60 issues", async () => {
      const body = Object.fromEntries(Array.from({ length: 8_000 }, (_, n) => [`f${n}`, 0]));
      const answer = await server.call("POST", "/auth/verify", { body });
      expect(answer.status).toBe(400);
      expect(answer.body.issues.length).toBeLessThan(60);
    });

    test("Accept-Language: en returns the messages in English", async () => {
      const { body } = await server.call("POST", "/credits/consume", {
        token,
        headers: { "accept-language": "en" },
        body: { amount: 0, action: "a", user: 1 },
      });
      expect(body.issues).toEqual([
        { path: "amount", message: "must be a whole number from 1 to 1000000000000" },
        { path: "user", message: "is not a known field; remove it" },
      ]);
      expect(body.message).toBe(
        "The request is not valid: amount: must be a whole number from 1 to 1000000000000; 1 more in issues",
      );
    });

    test("input at the limits is accepted", async () => {
      const spent = { amount: 1, action: `${"画".repeat(99)}😀`, metadata: JSON.parse(deep(31)) };
      expect(await server.call("POST", "/credits/consume", { token, body: spent })).toMatchObject({
        status: 200,
        body: { balance: 99 },
      });
      const largeLog = { ...log, details: { x: "x".repeat(65_528) } };
      expect(await server.call("POST", "/logs/create", { token, body: largeLog })).toMatchObject({ status: 200 });
    });
  });
}
