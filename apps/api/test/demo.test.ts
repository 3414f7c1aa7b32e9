import { randomUUID } from "node:crypto";
import { openDatabase, transferTables } from "@jifen/database";
import { apiSurfaceKinds, describeOn, emptyDatabase, type FreshDatabase, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createAgenda } from "../src/modules/demo/agenda.ts";
import { takeDemoLease } from "../src/modules/demo/demo-lease.ts";
import { jifen, jifenWith } from "./jifen-command.ts";

const until = "2026-06-30T12:00:00Z";

/** Makes demo data that ends at the same time in every run. */
const makeDemo = async (url: string, seed = "1") => {
  const made = await jifen(url, "demo", "--seed", seed, "--until", until, "--json");
  expect(made).toMatchObject({ exitCode: 0, stderr: "" });
  return JSON.parse(made.stdout);
};

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`demo data on ${kind}`, { timeout: timeLimit(600) }, () => {
    let fresh: FreshDatabase;
    let accounts: readonly { email: string; role: string; password: string }[];
    beforeAll(async () => {
      fresh = await emptyDatabase(kind);
      ({ accounts } = await makeDemo(fresh.url));
    }, timeLimit(600));
    afterAll(() => fresh?.drop());

    test("an audit of the demo data finds no differences, so that no act has bypassed the ledger", async () => {
      const audit = await jifen(fresh.url, "audit", "--json");
      expect(audit).toMatchObject({ exitCode: 0, stderr: "" });
      const { accounts: audited, transactions, differences } = JSON.parse(audit.stdout);
      expect({ audited, differences }).toEqual({ audited: 40, differences: [] });
      expect(transactions).toBeGreaterThan(1_000);
    });

    test("the demo data has holds, orders, payments and deliveries in every state that staff has to do with", async () => {
      const database = await openDatabase(fresh.url, { migrate: false });
      onTestFinished(() => database.close());
      const statesOf = async (table: string, column = "state") => new Set(await valuesOf(database, table, column));
      expect(await statesOf("holds")).toEqual(new Set(["captured", "expired", "pending", "released"]));
      expect(await statesOf("orders")).toEqual(new Set(["closed", "credited", "open"]));
      expect(await statesOf("payments")).toEqual(new Set(["credited", "review"]));
      expect(await statesOf("reversals", "kind")).toEqual(new Set(["refund", "dispute"]));
      expect(await statesOf("code_claims")).toEqual(new Set(["credited"]));
      expect(await statesOf("webhook_deliveries")).toContain("delivered");
      expect(await statesOf("catalogues")).toEqual(new Set(["published", "draft"]));
      expect(await statesOf("call_logs", "success")).toEqual(new Set([true, false]));
    });

    test("the demo data has charges on its last calendar day, which the console shows as today", async () => {
      const database = await openDatabase(fresh.url, { migrate: false });
      onTestFinished(() => database.close());
      const today = (await rowsOf(database, "transactions")).filter(
        ({ kind, created_at_ms }) => kind === "consume" && Number(created_at_ms) >= Date.parse("2026-06-30"),
      );
      expect(today.length).toBeGreaterThan(3);
    });

    test("demo data is not made a second time, because its acts would come before those that are there", async () => {
      expect(await jifen(fresh.url, "demo")).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("has demo data already"),
      });
    });

    test("a server on the demo data lets each of the printed users log in", async () => {
      await using api = await startApi({ databaseUrl: fresh.url, env: { PAY_DEMO: "on" } });
      expect(accounts.map(({ role }) => role)).toEqual(["admin", "finance", "support", "user"]);
      for (const { email, password } of accounts) {
        const response = await fetch(`${api.url}/auth/login`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ email, password }),
        });
        expect(response.status).toBe(200);
      }
    });
  });
}

type Opened = Awaited<ReturnType<typeof openDatabase>>;

/** Values of columns of every row of a table, in the order of its key. */
async function rowsOf({ tableCopier }: Opened, name: string): Promise<readonly Record<string, unknown>[]> {
  const table = transferTables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return tableCopier.readAll(async (read) => {
    const rows: Record<string, unknown>[] = [];
    for await (const page of read(table)) {
      rows.push(...page.map((row) => Object.fromEntries(table.columns.map(([column], at) => [column, row[at]]))));
    }
    return rows;
  });
}

const valuesOf = async (database: Opened, table: string, column: string) =>
  (await rowsOf(database, table)).map((row) => row[column]);

/** What follows from the seed: all but secrets, the hashes of codes, and ids of service keys. */
const compared = ["accounts", "grants", "holds", "transactions", "orders", "payments", "reversals", "call_logs"];

/** The key of a code's grant is made of its hash. */
const withoutCode = (row: Record<string, unknown>) => ({
  ...row,
  ...(String(row["idempotency_key"]).includes("code:") && { idempotency_key: "code" }),
});

async function contentOf(url: string) {
  const database = await openDatabase(url, { migrate: false });
  try {
    const tables: Record<string, unknown> = {};
    for (const table of compared) tables[table] = (await rowsOf(database, table)).map(withoutCode);
    return tables;
  } finally {
    await database.close();
  }
}

describe("jifen demo", { timeout: timeLimit(300) }, () => {
  const empty = async () => {
    const fresh = await emptyDatabase("sqlite");
    onTestFinished(() => fresh.drop());
    return fresh.url;
  };

  test("two runs with one seed and one time write the same journals, and another seed writes others", async () => {
    const urls = [await empty(), await empty(), await empty()] as const;
    for (const [at, url] of urls.entries()) await makeDemo(url, at === 2 ? "2" : "1");
    const [first, second, other] = [await contentOf(urls[0]), await contentOf(urls[1]), await contentOf(urls[2])];
    expect(second).toEqual(first);
    expect(other["transactions"]).not.toEqual(first["transactions"]);
  });

  test("in production there is no demo data, and no database is made", async () => {
    const refused = await jifenWith(
      { DATABASE_URL: await empty(), NODE_ENV: "production", JWT_SECRET: "s".repeat(40), LANG: "C" },
      "demo",
    );
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("NODE_ENV is production") });
  });

  test("beside a channel of real money there is no demo data, because its purchases cost nothing", async () => {
    const epay = { EPAY_URL: "https://pay.example.com", EPAY_PID: "1001", EPAY_KEY: "a-long-enough-key" };
    const refused = await jifenWith({ DATABASE_URL: await empty(), ...epay, LANG: "C" }, "demo");
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("channel of real money") });
  });

  test("the lease of the demo data is renewed while it is made, and its writer stops once it is lost", async () => {
    const database = await openDatabase(await empty());
    onTestFinished(() => database.close());
    const MINUTE_MS = 60_000;
    let clockMs = Date.now();
    const lease = await takeDemoLease(database.leases, () => clockMs);
    const server = { name: "expirations", holder: randomUUID() };
    const serverTakes = () => database.leases.acquire({ ...server, nowMs: clockMs, untilMs: clockMs + MINUTE_MS });
    for (let minute = 0; minute < 40; minute += 1) {
      clockMs += MINUTE_MS;
      expect(await lease?.keep()).toBe(true);
      expect(await serverTakes()).toBe(false);
    }
    clockMs += 15 * MINUTE_MS;
    expect(await serverTakes()).toBe(true);
    expect(await lease?.keep()).toBe(false);
    await database.leases.release(server);
    expect(await lease?.keep()).toBe(false);
    const acts: string[] = [];
    const agenda = createAgenda(() => undefined);
    agenda.add(1, async () => acts.push("written without the lease"));
    expect(await agenda.run(2, async () => (await lease?.keep()) === true)).toBe(false);
    expect(acts).toEqual([]);
  });

  test("a database that has users gets no demo data", async () => {
    const url = await empty();
    expect(await jifen(url, "migrate")).toMatchObject({ exitCode: 0 });
    expect(await jifen(url, "user", "create", "ann@example.com")).toMatchObject({ exitCode: 0 });
    expect(await jifen(url, "demo")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("has users") });
  });

  test("a database on which a server runs jobs gets no demo data, because its clock is not that of the past", async () => {
    const url = await empty();
    const database = await openDatabase(url);
    const nowMs = Date.now();
    const lease = { name: "expirations", holder: randomUUID() };
    expect(await database.leases.acquire({ ...lease, nowMs, untilMs: nowMs + 60_000 })).toBe(true);
    await database.close();
    expect(await jifen(url, "demo")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("Stop it") });
  });

  test.each([
    { words: ["--seed", "one"], says: "--seed must be a whole number" },
    { words: ["--until", "2999-01-01T00:00:00Z"], says: "--until must be a time that has passed" },
    { words: ["--until", "yesterday"], says: "--until must be a time that has passed" },
  ])("jifen demo refuses $words", async ({ words, says }) => {
    expect(await jifen(await empty(), "demo", ...words)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(says),
    });
  });
});
