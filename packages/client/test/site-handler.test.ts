import { type Api, callRest, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createJifenClient, type JifenClient } from "../src/index.ts";
import { createJifenHandler, type JifenIdentity, settle } from "../src/server.ts";

const password = "password123";
const [user, staff] = ["user@example.com", "staff@example.com"];

let api: Api;
const tokens = new Map<string, string>();
beforeAll(async () => {
  const whitelist = [user, staff].map((email) => `${email}:${password}`).join(",");
  api = await startApi({ env: { USER_WHITELIST: whitelist, ADMIN_EMAILS: staff } });
  for (const email of [user, staff]) {
    tokens.set(email, (await callRest(api.url, "POST", "/auth/login", { body: { email, password } })).body.token);
  }
});
afterAll(() => api?.stop());

/** The client of a page whose site has a handler. */
function pageOf(identity: JifenIdentity | null): JifenClient {
  const handler = createJifenHandler({ url: api.url, identify: async () => identity });
  return createJifenClient({
    url: "http://site.example/api/jifen",
    language: "en",
    fetch: async (address, init) => {
      const request = new Request(address, init);
      request.headers.set("sec-fetch-site", "same-origin");
      return handler(request);
    },
  });
}

const tokenOf = (email: string): JifenIdentity => ({ token: tokens.get(email) ?? "" });

test("a page reads the account of its user through the handler, all calls of a batch", async () => {
  const jifen = pageOf(tokenOf(user));
  const [{ balance }, { items }, { packs }] = await Promise.all([
    jifen.credits.balance.query(),
    jifen.transactions.list.query({}),
    jifen.catalogue.find.query({}),
  ]);
  expect({ balance, kinds: items.map(({ kind }) => kind), packs }).toEqual({
    balance: 100,
    kinds: ["grant"],
    packs: [],
  });
});

test("a service key with act-as reads the account of the user that the site names", async () => {
  const body = { name: "site", scopes: ["credits:read", "act-as"] };
  const { key } = (await callRest(api.url, "POST", "/keys", { token: tokens.get(staff) ?? "", body })).body;
  await callRest(api.url, "POST", "/credits/consume", {
    token: tokens.get(user) ?? "",
    body: { amount: 7, action: "video" },
  });
  expect((await pageOf({ key, userId: user }).credits.balance.query()).balance).toBe(93);
  expect((await pageOf({ key, userId: staff }).credits.balance.query()).balance).toBe(100);
});

test("a page cannot charge at a price of its own, and a visitor without a session gets UNAUTHENTICATED", async () => {
  const charged = await settle(() => pageOf(tokenOf(user)).credits.consume.mutate({ amount: 1, action: "video" }));
  expect(charged).toMatchObject({ ok: false, error: { code: "NOT_FOUND" } });
  const read = await settle(() => pageOf(null).credits.balance.query());
  expect(read).toMatchObject({ ok: false, error: { code: "UNAUTHENTICATED", status: 401 } });
});

test("live events reach a page through the handler, and end when the page leaves", async () => {
  const leaving = new AbortController();
  const balances: number[] = [];
  for await (const event of pageOf(tokenOf(staff)).live.events({ kinds: ["balance"], signal: leaving.signal })) {
    if (event.kind !== "balance") continue;
    balances.push(event.balance);
    if (balances.length === 2) leaving.abort();
    else
      await callRest(api.url, "POST", "/credits/consume", {
        token: tokens.get(staff) ?? "",
        body: { amount: 5, action: "video" },
      });
  }
  const [before = 0, after = 0] = balances;
  expect(before - after).toBe(5);
});

test("settle returns a refusal as plain data with its numbers and its key, and throws what is a bug", async () => {
  const jifen = createJifenClient({ url: api.url, token: tokens.get(user) ?? "", language: "en" });
  const result = await settle(() =>
    jifen.credits.consume.mutate({ amount: 1_000, action: "video", idempotencyKey: "press-1" }),
  );
  expect(structuredClone(result)).toMatchObject({
    ok: false,
    error: {
      code: "INSUFFICIENT_CREDITS",
      message: "Not enough credits",
      details: { balance: 93, required: 1_000 },
      idempotencyKey: "press-1",
      requestId: expect.any(String),
    },
  });
  await expect(settle(() => Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
  expect(await settle(async () => 5)).toEqual({ ok: true, value: 5 });
});

test("a page of an infinite query of tRPC is read: its direction is left out", async () => {
  const input = { limit: 1, direction: "forward" };
  const { items } = await pageOf(tokenOf(user)).transactions.list.query(input);
  expect(items).toHaveLength(1);
});
