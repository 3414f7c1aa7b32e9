import { randomUUID } from "node:crypto";
import { setImmediate, setTimeout } from "node:timers/promises";
import { transactionId } from "@jifen/core";
import type { Database } from "@jifen/database";
import { createLedger, type Ledger } from "@jifen/ledger";
import type { Rows } from "@jifen/testkit/ledger-model";
import { auditRows } from "@jifen/testkit/ledger-model";
import { checkAccount } from "../checker/checker.ts";
import type { Event } from "../checker/event.ts";
import { checkExtraRows, type ExtraRowFound } from "../checker/extra-rows.ts";
import type { RawDatabase } from "../checker/raw-database.ts";
import { describeError } from "./describe-error.ts";
import type { History } from "./history.ts";
import { HistoryRunner, type RunContext, sweepAll } from "./runner.ts";
import { TimeMachine } from "./time-machine.ts";

/** The ledger as the server creates it. */
export const ledgerOn = (database: Database): Ledger =>
  createLedger({
    store: database.ledger,
    shards: database.ledgerShards,
    newTransactionId: () => transactionId(`txn-${randomUUID()}`),
    wait: (ms) => (ms === 0 ? setImmediate() : setTimeout(ms)),
  });

/** A database under test: several ledgers on it, as in several processes, and direct access to its rows. */
export type TestBed = {
  readonly ledgers: readonly Ledger[];
  readonly database: RawDatabase;
};

/** The violations of one history, or of the rows as a whole. */
export type Failure = {
  readonly history: number | null;
  readonly events: readonly Event[];
  readonly findings: readonly string[];
};

/** The number of answers of each kind, such as `capture: refused, HOLD_NOT_FOUND`. */
export type Tally = Map<string, number>;

/** The result of a batch of histories. */
export type BatchResult = { readonly failures: readonly Failure[]; readonly tally: Tally; readonly durationMs: number };

let batches = 0;
let ticks = 0;

/**
 * Runs histories concurrently, each on its own accounts, so that their requests share transactions. Then checks each
 * account and the consistency of all rows.
 */
export async function runHistories(testBed: TestBed, histories: readonly History[]): Promise<BatchResult> {
  batches += 1;
  const prefix = `user:batch-${batches}-`;
  const time = new TimeMachine(testBed.database, prefix);
  const tick = () => {
    ticks += 1;
    return ticks;
  };
  const context = { ledgers: testBed.ledgers, time, tick };
  const runners = histories.map((history, at) => new HistoryRunner(`${prefix}${at}`, history, context));
  const startedMs = performance.now();
  const interrupted = await runHours(runners, context, Math.max(...histories.map((history) => history.length)));
  const durationMs = performance.now() - startedMs;
  const rows = await testBed.database.read(prefix);
  const extraRows = await testBed.database.readExtraRows(prefix);
  const tally: Tally = new Map();
  for (const event of runners.flatMap(({ events }) => events)) {
    const name = answerKind(event);
    tally.set(name, (tally.get(name) ?? 0) + 1);
  }
  return { failures: [...interrupted, ...check(runners, { ...rows, extraRows }, time)], tally, durationMs };
}

/** Runs all hours. @returns the error that interrupted the run, if any. */
async function runHours(
  runners: readonly HistoryRunner[],
  { time, ledgers }: RunContext,
  hours: number,
): Promise<Failure[]> {
  try {
    for (let hour = 0; hour < hours; hour += 1) {
      await time.nextHour();
      // In every other hour a sweep runs before the first request.
      if (hour % 2 === 1) await sweepAll(ledgers);
      await Promise.all(runners.map((runner) => runner.run(hour)));
    }
    await time.nextHour();
    await sweepAll(ledgers);
    return [];
  } catch (error) {
    return [{ history: null, events: [], findings: [describeError(error)] }];
  }
}

function answerKind({ request, answer }: Event): string {
  const kind = request?.kind ?? "balance";
  if (answer.is === "refused") return `${kind}: refused, ${answer.refusal.code}`;
  return answer.is === "done" && answer.replayed ? `${kind}: replayed` : `${kind}: ${answer.is}`;
}

function check(
  runners: readonly HistoryRunner[],
  rows: Rows & { readonly extraRows: readonly ExtraRowFound[] },
  time: TimeMachine,
): Failure[] {
  const journal = Map.groupBy(rows.journal, ({ account }) => account);
  const grants = Map.groupBy(rows.grants, ({ account }) => account);
  const holds = Map.groupBy(rows.holds, ({ account }) => account);
  const extraRows = Map.groupBy(rows.extraRows, ({ account }) => account);
  const byAccount = new Map(rows.accounts.map((row) => [row.account, row]));
  const failures: Failure[] = runners.map((runner, history) => {
    const events = Map.groupBy(runner.events, ({ account }) => account);
    const findings = [0, 1].flatMap((number) => {
      const account = `${runner.name}-${number}`;
      return checkAccount({
        ...{ account, events: events.get(account) ?? [], journal: journal.get(account) ?? [] },
        ...{ row: byAccount.get(account), grants: grants.get(account) ?? [], holds: holds.get(account) ?? [] },
        ...{ clockOffsetOf: (entry) => time.clockOffsetOf(entry), clockOffsetMs: time.clockOffsetMs },
      });
    });
    const ownExtraRows = [0, 1].flatMap((number) => extraRows.get(`${runner.name}-${number}`) ?? []);
    return { history, events: runner.events, findings: [...findings, ...checkExtraRows(runner.events, ownExtraRows)] };
  });
  return [...failures, { history: null, events: [], findings: auditRows(rows) }].filter(
    ({ findings }) => findings.length > 0,
  );
}
