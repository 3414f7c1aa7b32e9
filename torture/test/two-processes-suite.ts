import { describeOn, type FreshDatabase, freshDatabase, promise } from "@jifen/testkit";
import type { ModelRequest, Rows } from "@jifen/testkit/ledger-model";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRawDatabase } from "../src/checker/open-raw-database.ts";
import type { RawDatabase } from "../src/checker/raw-database.ts";
import { ClientHistory } from "../src/faults/client-history.ts";
import { jifenAudit } from "../src/faults/jifen-audit.ts";
import { LoadClients } from "../src/faults/load-clients.ts";
import { randomFrom } from "../src/faults/random.ts";
import { anHourAhead, createUsers, logInUsers, Replica } from "../src/faults/replica.ts";
import { type Call, type CallResult, send, type TestUser } from "../src/faults/send.ts";

/** How much load there is. */
export type Load = {
  /** Users of the last test. */
  readonly users: number;
  /** Accounts whose hold several requests resolve concurrently. */
  readonly holders: number;
  /** How long the last test runs. */
  readonly durationMs: number;
};

/** Users of the tests before the last one, besides those with holds. */
const OTHER_USERS = 7;

/** All credits of the accounts. */
const totalOf = ({ accounts }: Rows): number => accounts.reduce((sum, { balance, held }) => sum + balance + held, 0);

/** The total that follows from the entries. */
const totalOfEntries = ({ journal }: Rows): number =>
  journal.reduce((sum, { debit, credit, amount }) => {
    if (debit.startsWith("system:")) return sum + amount;
    return credit.startsWith("system:") ? sum - amount : sum;
  }, 0);

const consumeOf = (amount: number): ModelRequest => ({ kind: "consume", amount, action: "video" });
const times = <Result>(count: number, make: (n: number) => Result): Result[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** Races between two servers on one database; the clock of one server is an hour ahead. */
export function testTwoProcesses(load: Load): void {
  describe.each(["postgresql", "mysql", "mongodb"] as const)(
    "two servers on one %s, one of them with a clock an hour ahead",
    (kind) => {
      describeOn(kind)("database", promise("two-processes", kind), () => {
        testTwoServers(load, () => freshDatabase(kind));
      });
    },
  );
}

/** The same races on a database that `open` makes. */
export function testTwoServers(load: Load, open: () => Promise<FreshDatabase>): void {
  const history = new ClientHistory();
  let database: FreshDatabase;
  let replicas: readonly Replica[];
  let rawDatabase: RawDatabase;
  let admin: TestUser;
  let users: TestUser[];
  let sent = 0;

  beforeAll(async () => {
    database = await open();
    const emails = await createUsers(database.url, load.users + load.holders + OTHER_USERS);
    replicas = [new Replica(database.url), new Replica(database.secondUrl, anHourAhead)];
    await Promise.all(replicas.map((replica) => replica.start()));
    rawDatabase = await openRawDatabase(database.url);
    users = await logInUsers(urlOf(0), emails);
    admin = users.shift() as TestUser;
  });
  afterAll(async () => {
    await rawDatabase?.[Symbol.asyncDispose]();
    const logged = await Promise.all((replicas ?? []).map((replica) => replica.stop()));
    await database?.drop();
    expect(logged.flat()).toEqual([]);
  });

  const urlOf = (n: number) => (replicas[n % replicas.length] as Replica).url;
  const nextUser = () => users.pop() as TestUser;

  /** Sends a request to one of the servers, and records it. */
  async function sendTo(
    n: number,
    user: TestUser,
    request: ModelRequest | { key: string; request: ModelRequest },
  ): Promise<CallResult> {
    sent += 1;
    const keyed = "key" in request ? request : { key: `key-${sent}`, request };
    const call: Call = { user, admin, requestId: `attempt-${sent}`, ...keyed };
    const record = history.begin(call);
    const result = await send(urlOf(n), call);
    record(result);
    return result;
  }

  const grant = async (user: TestUser, amount: number) =>
    expect(await sendTo(0, user, { kind: "grant", amount, priority: 50, expiresAtMs: null })).toMatchObject({
      is: "done",
    });

  test("of 1,000 concurrent consumes of the last credit, one succeeds", async () => {
    const user = nextUser();
    await grant(user, 1);
    const results = await Promise.all(times(1_000, (n) => sendTo(n, user, consumeOf(1))));
    expect(results.filter(({ is }) => is === "done")).toHaveLength(1);
    expect(
      results.filter((each) => each.is === "refused" && each.refusal.code === "INSUFFICIENT_CREDITS"),
    ).toHaveLength(999);
    expect(await history.check(rawDatabase)).toEqual([]);
  });

  test("200 concurrent requests with one key have one effect, and all get the same answer", async () => {
    const user = nextUser();
    await grant(user, 1_000);
    const once = { key: "once", request: consumeOf(7) };
    const results = await Promise.all(times(200, (n) => sendTo(n, user, once)));
    expect(new Set(results.map((each) => each.is === "done" && each.entryId)).size).toBe(1);
    expect(results.filter((each) => each.is === "done" && !each.replayed)).toHaveLength(1);
    expect(await history.check(rawDatabase)).toEqual([]);
  });

  test("a hold that is captured, released, extended and expires concurrently is resolved once", async () => {
    const some = times(load.holders, nextUser);
    await Promise.all(some.map((user) => grant(user, 10)));
    const placed = await Promise.all(
      some.map((user, n) =>
        sendTo(n, user, { kind: "hold", amount: 4, action: "video", by: user.account, ttlSeconds: 1 }),
      ),
    );
    const holds = placed.map((each) => (each.is === "done" ? String(each.entry.subject) : ""));
    await Promise.all(
      some.flatMap((user, n) =>
        times(8, async (at) => {
          const hold = { hold: holds[n] as string, by: user.account };
          const capture = { kind: "capture", ...hold, metadata: null } as const;
          await new Promise((resolve) => setTimeout(resolve, 700 + at * 60 + (n % 5) * 10));
          if (at % 4 === 0) return sendTo(at, user, { ...capture, amount: n % 2 === 0 ? null : 3 });
          if (at % 4 === 1 && n % 3 === 0) return sendTo(at, user, { kind: "release", ...hold });
          if (at % 4 === 2 && n % 3 === 1) return sendTo(at, user, { kind: "extend", ...hold, ttlSeconds: 1 });
          return sendTo(at, user, { ...capture, amount: 2 });
        }),
      ),
    );
    expect(await history.check(rawDatabase)).toEqual([]);
  });

  test("concurrent refunds of one charge never return more than the charge", async () => {
    const some = times(5, nextUser);
    await Promise.all(some.map((user) => grant(user, 60)));
    const charged = await Promise.all(some.map((user, n) => sendTo(n, user, consumeOf(50))));
    await Promise.all(
      some.flatMap((user, n) =>
        times(60, (at) => {
          const { entryId: charge } = charged[n] as { entryId: string };
          return sendTo(at, user, { kind: "refund", charge, amount: at === 59 ? null : 1 + (at % 3) });
        }),
      ),
    );
    const refunds = (await rawDatabase.read("user:")).journal.filter(({ kind }) => kind === "refund");
    expect(refunds.reduce((sum, { amount }) => sum + amount, 0)).toBe(250);
    expect(await history.check(rawDatabase)).toEqual([]);
  });

  test(`with ${load.users} accounts under load, the total of all accounts follows from the entries at every read`, {
    timeout: timeLimit(300),
  }, async () => {
    const random = randomFrom(1);
    const url = () => random.of(replicas).url;
    const clients = new LoadClients({ history, users: users.slice(0, load.users), admin, random, url });
    await clients.fund(100);
    clients.start();
    const end = Date.now() + load.durationMs;
    for (let reads = 0; reads < 6 || Date.now() < end; reads += 1) {
      const rows = await rawDatabase.read("user:");
      expect(totalOf(rows)).toBe(totalOfEntries(rows));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await clients.stop();
    expect(await history.check(rawDatabase)).toEqual([]);
    expect(await jifenAudit(database.url)).toEqual([]);
  });
}
