import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { METRICS_TOKEN, metricsOf } from "./metrics-of.ts";
import { type ApiWithAdmin, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";

let api: ApiWithAdmin;
beforeAll(async () => {
  api = await startApiWithAdmin("sqlite", { METRICS_TOKEN });
  await api.fund({ amount: 100 });
});
afterAll(() => api.server.stop());

/** The values of series, 0 for one that does not exist. */
async function read<Name extends string>(series: Readonly<Record<Name, string>>): Promise<Record<Name, number>> {
  const lines = (await metricsOf(api.server.api)).split("\n");
  const valueIn = (name: string) =>
    Number(
      lines
        .find((line) => line.startsWith(`${name} `))
        ?.split(" ")
        .at(-1) ?? 0,
    );
  return Object.fromEntries(Object.entries<string>(series).map(([name, each]) => [name, valueIn(each)])) as Record<
    Name,
    number
  >;
}
const calls = (operation: string, status: string) => `jifen_calls_total{operation="${operation}",status="${status}"}`;
const entries = (kind: string) => `jifen_entries_total{kind="${kind}"}`;
const credits = (kind: string) => `jifen_entry_credits_total{kind="${kind}"}`;

/** How much series grow while work is done. */
async function growth<Name extends string>(series: Readonly<Record<Name, string>>, work: () => Promise<unknown>) {
  const before = await read(series);
  await work();
  const after = await read(series);
  return Object.fromEntries(Object.keys(series).map((name) => [name, after[name as Name] - before[name as Name]]));
}

const consume = (amount: number) => api.post("/credits/consume", { amount, action: "test" }, { key: newKey() });
const trpc = (paths: string, inputs: object) =>
  fetch(`${api.server.api.url}/trpc/${paths}?batch=1`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${api.tokens.user}` },
    body: JSON.stringify(inputs),
  });

describe("the metrics of calls", () => {
  test("calls by REST are counted by operation and status, also those that are refused before their body is read", async () => {
    const series = {
      ok: calls("credits.consume", "2xx"),
      refused: calls("credits.consume", "4xx"),
      timed: 'jifen_call_seconds_count{operation="credits.consume"}',
      any: 'jifen_call_seconds_bucket{le="+Inf",operation="credits.consume"}',
    };
    const grown = await growth(series, async () => {
      expect(await consume(5)).toMatchObject({ status: 200 });
      expect(await consume(1_000)).toMatchObject({ status: 402 });
      const headers = { authorization: `Bearer ${api.tokens.user}`, "content-type": "text/plain" };
      const plain = await fetch(`${api.server.api.url}/credits/consume`, { method: "POST", headers, body: "x" });
      expect(plain.status).toBe(415);
    });
    expect(grown).toEqual({ ok: 1, refused: 2, timed: 3, any: 3 });
  });

  test("each call of a batch by tRPC is counted with its own status", async () => {
    const series = { ok: calls("credits.consume", "2xx"), refused: calls("credits.consume", "4xx") };
    const grown = await growth(series, async () => {
      const input = (amount: number) => ({ json: { amount, action: "test", idempotencyKey: newKey() } });
      const answer = await trpc("credits.consume,credits.consume,credits.consume", {
        ...{ 0: input(1), 1: input(10_000), 2: input(1) },
      });
      expect(answer.status).toBe(207);
    });
    expect(grown).toEqual({ ok: 2, refused: 1 });
  });

  test("the number of series does not grow with addresses, users or paths that do not exist", async () => {
    const countSeries = async () => (await metricsOf(api.server.api)).match(/^jifen_call\w+\{/gm)?.length ?? 0;
    await api.get("/credits/balance");
    const before = await countSeries();
    for (const path of [
      "/no-such-path",
      "/admin/users/missing@example.com",
      "/trpc/no.such",
      "/credits/holds/hold-none",
    ]) {
      for (let turn = 0; turn < 3; turn += 1) await api.get(`${path}${turn}`);
    }
    // Two operations were called for the first time: each has three statuses, thirteen classes, a sum and a count.
    expect((await countSeries()) - before).toBe(2 * (3 + 13 + 2));
  });
});

describe("the metrics of the ledger", () => {
  test("entries and their credits are counted by kind, and not again for a retry with the same key", async () => {
    const series = {
      ...{ consumed: entries("consume"), spent: credits("consume") },
      ...{ held: entries("hold"), captured: credits("capture"), released: credits("release") },
      commits: "jifen_commit_seconds_count",
    };
    const grown = await growth(series, async () => {
      const key = newKey();
      for (let tries = 0; tries < 3; tries += 1) {
        expect(await api.post("/credits/consume", { amount: 7, action: "test" }, { key })).toMatchObject({
          status: 200,
        });
      }
      const held = await api.post("/credits/holds", { amount: 10, action: "test" }, { key: newKey() });
      expect(held.status).toBe(200);
      await api.post(`/credits/holds/${held.body.holdId}/capture`, { amount: 4 }, { key: newKey() });
    });
    expect(grown).toMatchObject({ consumed: 1, spent: 7, held: 1, captured: 4 });
    expect(grown["commits"]).toBeGreaterThanOrEqual(3);
  });

  test("holds that are open are counted", async () => {
    expect((await api.post("/credits/holds", { amount: 1, action: "test" }, { key: newKey() })).status).toBe(200);
    // Counted at most every fifteen seconds.
    const open = async () => (await read({ open: "jifen_holds_open" })).open;
    await expect.poll(open, { interval: 1_000 }).toBe(1);
  });
});
