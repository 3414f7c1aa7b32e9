import { startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJifenClient, type JifenClient } from "../src/index.ts";

const credentials = { email: "user@example.com", password: "password123" };

describe("queries with long inputs, against the real server", () => {
  let stop: () => Promise<unknown>;
  let jifen: JifenClient;
  let urls: string[] = [];
  beforeAll(async () => {
    const env = { USER_WHITELIST: `${credentials.email}:${credentials.password}`, ADMIN_EMAILS: credentials.email };
    const api = await startApi({ env });
    const { token } = await createJifenClient({ url: api.url }).auth.login.mutate(credentials);
    const fetch: typeof globalThis.fetch = (input, init) => {
      urls.push(String(input));
      return globalThis.fetch(input, init);
    };
    jifen = createJifenClient({ url: api.url, token, fetch });
    stop = () => api.stop();
  });
  afterAll(() => stop?.());

  test("20 lists of one tick with a Chinese action of 100 characters all succeed, each URL below 2 KB", async () => {
    urls = [];
    const action = "即".repeat(100);
    const pages = await Promise.all(
      Array.from({ length: 20 }, () => jifen.transactions.list.query({ action, kind: "consume" })),
    );
    expect(pages).toEqual(Array.from({ length: 20 }, () => ({ items: [], nextCursor: null })));
    expect(Math.max(...urls.map((url) => url.length))).toBeLessThan(2_048);
  });

  test("short calls beside long ones still share requests", async () => {
    urls = [];
    const action = "😀".repeat(100);
    await Promise.all([
      jifen.transactions.list.query({ action }),
      ...Array.from({ length: 10 }, () => jifen.credits.balance.query()),
    ]);
    expect(urls.length).toBeLessThan(5);
    expect(Math.max(...urls.map((url) => url.length))).toBeLessThan(2_048);
  });

  test("a query that is longer than 2 KB by itself is sent alone and succeeds", async () => {
    urls = [];
    const input = { actor: `user:${"积".repeat(250)}`, subject: `user:${"分".repeat(250)}` };
    const [log, balance] = await Promise.all([jifen.auditLog.list.query(input), jifen.credits.balance.query()]);
    expect(log).toEqual({ items: [], nextCursor: null });
    expect(balance.balance).toBeGreaterThanOrEqual(0);
    expect(urls).toHaveLength(2);
  });

  test("20 mutations of one tick with long inputs share one request", async () => {
    urls = [];
    const log = {
      userId: credentials.email,
      action: "画".repeat(100),
      success: true,
      timestamp: "2025-01-01T00:00:00Z",
    };
    const details = { prompt: "山水".repeat(500) };
    const logs = await Promise.all(Array.from({ length: 20 }, () => jifen.logs.create.mutate({ ...log, details })));
    expect(new Set(logs.map(({ logId }) => logId)).size).toBe(20);
    expect(urls).toHaveLength(1);
  });
});
