import { accountId } from "@jifen/core";
import { openDatabase } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import type { ModelRequest } from "@jifen/testkit/ledger-model";
import { auditRows } from "@jifen/testkit/ledger-model";
import { type FaultProxy, openFaultProxy } from "@jifen/testkit/processes";
import { checkAccount } from "../checker/checker.ts";
import type { Answer, Event } from "../checker/event.ts";
import { checkExtraRows } from "../checker/extra-rows.ts";
import { formatHistory } from "../checker/format-history.ts";
import { openRawDatabase } from "../checker/open-raw-database.ts";
import type { RawDatabase } from "../checker/raw-database.ts";
import { isMongodb, isMysql } from "../scratch.ts";
import { ledgerOn } from "./history-batch.ts";
import { authorOf, extraRowIdOf, invoke, readBalance } from "./invoke.ts";

/** The point at which the first request pauses while the second runs. */
type PausePoint = {
  readonly description: string;
  /** The statement before which the first request pauses. */
  readonly pausesBefore: string;
};

const onPostgresql: readonly PausePoint[] = [
  { description: "the first pauses before it reads", pausesBefore: "accounts-with-grants" },
  { description: "the first pauses between its reads", pausesBefore: "grants-by-id" },
  { description: "the first pauses before it writes", pausesBefore: "write" },
];
const pausingBefore = (pausesBefore: string): PausePoint => ({
  description: `the first pauses before ${pausesBefore}`,
  pausesBefore,
});
const onMysql = ["FOR", "SYSDATE", "COMMIT"].map(pausingBefore);
/** Before the reads, between the reads, before the first write, and before the commit. */
const onMongodb = ["aggregate", "find", "update", "commitTransaction"].map(pausingBefore);

function pausePointsOf(url: string): readonly PausePoint[] {
  if (isMongodb(url)) return onMongodb;
  return isMysql(url) ? onMysql : onPostgresql;
}

/** How long to wait for the second request: it cannot finish while the first holds a lock. */
const SECOND_REQUEST_TIMEOUT_MS = 25;

/** After a conflict, a store on PostgreSQL takes locks for this many commits. */
const COMMITS_WITH_LOCKS = 64;

/** The grants, holds and charges of an account before the two requests: its first grant is spent, partly by a hold. */
type Past = {
  readonly grants: readonly string[];
  readonly holds: readonly string[];
  readonly charges: readonly string[];
};
type Operation = { readonly key: string | null; readonly request: (past: Past) => ModelRequest | null };

const by = "service:shop";
const hold = ({ holds }: Past) => holds[0] ?? "";
const charge = ({ charges }: Past) => charges[0] ?? "";
const operations: readonly Operation[] = [
  { key: null, request: () => ({ kind: "grant", amount: 9, priority: 5, expiresAtMs: null }) },
  { key: null, request: () => ({ kind: "consume", amount: 94, action: "video" }) },
  // More than the balance, unless the grant comes first.
  { key: null, request: () => ({ kind: "consume", amount: 104, action: "video" }) },
  { key: "same", request: () => ({ kind: "consume", amount: 2, action: "video" }) },
  { key: null, request: () => ({ kind: "revoke", amount: 60, action: "mistake", bucket: null, atMost: false }) },
  // The grant to which a release, a refund or the rest of a capture returns.
  {
    key: null,
    request: ({ grants }) => ({
      kind: "revoke",
      amount: 500,
      action: "mistake",
      bucket: grants[0] ?? "",
      atMost: true,
    }),
  },
  { key: null, request: () => ({ kind: "hold", amount: 50, action: "video", by, ttlSeconds: 900 }) },
  { key: null, request: (past) => ({ kind: "extend", hold: hold(past), by, ttlSeconds: 1_800 }) },
  { key: null, request: (past) => ({ kind: "capture", hold: hold(past), by, amount: null, metadata: null }) },
  {
    key: null,
    request: (past) => ({ kind: "capture", hold: hold(past), by, amount: 1, metadata: '{"seconds":1}' }),
  },
  { key: null, request: (past) => ({ kind: "release", hold: hold(past), by }) },
  { key: null, request: (past) => ({ kind: "refund", charge: charge(past), amount: null }) },
  { key: null, request: (past) => ({ kind: "refund", charge: past.charges[1] ?? "", amount: 2 }) },
  { key: null, request: () => null },
];

/**
 * Runs every pair of requests on one account, from two processes, with every pause point: the race matrix.
 * @param secondUrl another address of the database, for the second process
 */
export async function runInterleavings(
  url: string,
  secondUrl = url,
): Promise<{ readonly pairs: number; readonly findings: readonly string[] }> {
  await using proxy = await openFaultProxy(url);
  const databases = [await openDatabase(proxy.url), await openDatabase(secondUrl)] as const;
  await using rawDatabase = await openRawDatabase(url);
  const runner = new InterleavingRunner(proxy, {
    ledgers: [ledgerOn(databases[0]), ledgerOn(databases[1])],
    isOptimistic: pausePointsOf(url) === onPostgresql,
  });
  const cases = operations.flatMap((first) =>
    operations.flatMap((second) => pausePointsOf(url).map((point) => ({ first, second, point }))),
  );
  const pasts = await Promise.all(cases.map((_, at) => runner.past(accountAt(at))));
  for (const [at, { first, second, point }] of cases.entries()) {
    await runner.runPair([first, second], { account: accountAt(at), point, past: pasts[at] ?? emptyPast });
  }
  const findings = await runner.check(rawDatabase);
  await Promise.all(databases.map((database) => database.close()));
  return { pairs: cases.length, findings };
}

const emptyPast: Past = { grants: [], holds: [], charges: [] };
const accountAt = (at: number) => `user:pair-${at}`;

/** The ledgers of two processes, and whether their stores read without locks until a conflict. */
type Stores = { readonly ledgers: readonly [Ledger, Ledger]; readonly isOptimistic: boolean };

class InterleavingRunner {
  readonly #proxy: FaultProxy;
  readonly #ledgers: readonly [Ledger, Ledger];
  readonly #isOptimistic: boolean;
  readonly #events: Event[] = [];
  readonly #descriptions = new Map<string, string>();
  #ticks = 0;

  constructor(proxy: FaultProxy, { ledgers, isOptimistic }: Stores) {
    this.#proxy = proxy;
    this.#ledgers = ledgers;
    this.#isOptimistic = isOptimistic;
  }

  /** Sends the first request, and the second while the first is paused. */
  async runPair(
    pair: readonly [Operation, Operation],
    { account, point, past }: { readonly account: string; readonly point: PausePoint; readonly past: Past },
  ): Promise<void> {
    this.#descriptions.set(account, `${account}: ${point.description}`);
    if (this.#isOptimistic) await this.#endLocking();
    const [first, second] = pair.map(({ key, request }) => ({ account, key, request: request(past) }));
    const send = (process: 0 | 1, operation: typeof first) =>
      this.#invoke(process, { account, key: operation?.key ?? null, request: operation?.request ?? null });
    const pause = this.#proxy.pauseAt(point.pausesBefore);
    const one = send(0, first);
    await Promise.race([pause.reached, one]);
    const other = send(1, second);
    await Promise.race([other, new Promise((resolve) => setTimeout(resolve, SECOND_REQUEST_TIMEOUT_MS))]);
    pause.resume();
    await Promise.all([one, other]);
  }

  async check(database: RawDatabase): Promise<string[]> {
    const rows = await database.read("user:pair-");
    const of = <Row extends { readonly account: string }>(all: readonly Row[], account: string) =>
      all.filter((row) => row.account === account);
    const findings = [...this.#descriptions].flatMap(([account, name]) => {
      const events = of(this.#events, account);
      const found = checkAccount({
        ...{ account, events, journal: of(rows.journal, account), row: of(rows.accounts, account)[0] },
        ...{
          grants: of(rows.grants, account),
          holds: of(rows.holds, account),
          clockOffsetOf: () => 0,
          clockOffsetMs: 0,
        },
      });
      return found.length === 0 ? [] : [`${name}: ${found[0]}\n${formatHistory(events)}`];
    });
    const extraRows = await database.readExtraRows("user:pair-");
    return [...findings, ...auditRows(rows), ...checkExtraRows(this.#events, extraRows)];
  }

  /** Creates two grants of 10 and 100; the first is spent by two charges and one hold. */
  async past(account: string): Promise<Past> {
    const execute = async (request: ModelRequest) => {
      const answer = await this.#invoke(1, { account, key: null, request });
      return answer.is === "done" ? answer : { entryId: "", entry: { subject: null } };
    };
    const first = await execute({ kind: "grant", amount: 10, priority: 10, expiresAtMs: null });
    const second = await execute({ kind: "grant", amount: 100, priority: 50, expiresAtMs: null });
    const one = await execute({ kind: "consume", amount: 4, action: "video" });
    const placed = await execute({ kind: "hold", amount: 3, action: "video", by, ttlSeconds: 900 });
    const other = await execute({ kind: "consume", amount: 3, action: "image" });
    const grants = [first, second].map(({ entry }) => entry.subject ?? "");
    return { grants, holds: [placed.entry.subject ?? ""], charges: [one.entryId, other.entryId] };
  }

  /** Commits without conflicts until the first store reads without locks again. */
  async #endLocking(): Promise<void> {
    const unusedAccount = [accountId("user:unused")];
    await Promise.all(
      Array.from({ length: COMMITS_WITH_LOCKS }, () => this.#ledgers[0].processExpirations(unusedAccount)),
    );
  }

  async #invoke(
    process: 0 | 1,
    operation: { readonly account: string; readonly key: string | null; readonly request: ModelRequest | null },
  ): Promise<Answer> {
    const { account, key, request } = operation;
    const sent = { sent: this.#tick(), sentMs: Date.now(), clockOffsetMs: 0 };
    const newId = `created-${this.#ticks}`;
    const ledger = this.#ledgers[process];
    const answer = await (request ? invoke(ledger, { account, key, request, newId }) : readBalance(ledger, account));
    const extraRowId = request ? extraRowIdOf({ newId }) : undefined;
    const author = request && authorOf({ account, request, newId });
    const invocation = { account, key: key === null ? null : `caller:${key}`, request, author };
    this.#events.push({ ...invocation, ...sent, answered: this.#tick(), answer, extraRowId });
    return answer;
  }

  #tick(): number {
    this.#ticks += 1;
    return this.#ticks;
  }
}
