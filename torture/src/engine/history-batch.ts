import { randomUUID } from "node:crypto";
import { setImmediate, setTimeout } from "node:timers/promises";
import { transactionId } from "@jifen/core";
import type { Database } from "@jifen/database";
import { createLedger, type Ledger } from "@jifen/ledger";
import { auditRows } from "../checker/audit.ts";
import type { Books } from "../checker/books.ts";
import { judgeAccount } from "../checker/checker.ts";
import type { Event } from "../checker/event.ts";
import type { Rows } from "../checker/rows.ts";
import type { History } from "./history.ts";
import { Player, type Stage, sweepAll } from "./runner.ts";
import { TimeMachine } from "./time-machine.ts";

/** The ledger as the server builds it. */
export const ledgerOn = (database: Database): Ledger =>
  createLedger({
    store: database.ledger,
    shards: database.ledgerShards,
    newTransactionId: () => transactionId(`txn-${randomUUID()}`),
    wait: (ms) => (ms === 0 ? setImmediate() : setTimeout(ms)),
  });

/** A database in use: opened more than once, as by several processes, and once past all of our own code. */
export type Ground = {
  readonly ledgers: readonly Ledger[];
  readonly books: Books;
};

/** What went wrong with one of the histories, or with the books as a whole. */
export type Fault = {
  readonly history: number | null;
  readonly events: readonly Event[];
  readonly findings: readonly string[];
};

/** How often what was answered how, such as `capture: refused, HOLD_NOT_FOUND`. */
export type Tally = Map<string, number>;

/** Played histories: what they were answered, how long that took, and what went wrong. */
export type Played = { readonly faults: readonly Fault[]; readonly tally: Tally; readonly playedMs: number };

let bundles = 0;
let ticks = 0;

/**
 * Plays histories side by side, each on accounts of its own, so that what they ask waits together and shares
 * transactions; then judges each account, and the books of all.
 */
export async function playBundle(ground: Ground, histories: readonly History[]): Promise<Played> {
  bundles += 1;
  const prefix = `user:bundle-${bundles}-`;
  const time = new TimeMachine(ground.books, prefix);
  const tick = () => {
    ticks += 1;
    return ticks;
  };
  const stage = { ledgers: ground.ledgers, time, tick };
  const players = histories.map((history, at) => new Player(`${prefix}${at}`, history, stage));
  const began = performance.now();
  const stopped = await playHours(players, stage, Math.max(...histories.map((history) => history.length)));
  const playedMs = performance.now() - began;
  const rows = await ground.books.read(prefix);
  const tally: Tally = new Map();
  for (const event of players.flatMap(({ events }) => events)) {
    const name = tallied(event);
    tally.set(name, (tally.get(name) ?? 0) + 1);
  }
  return { faults: [...stopped, ...judge(players, rows, time)], tally, playedMs };
}

/** @returns what kept it from going on, if anything did */
async function playHours(players: readonly Player[], { time, ledgers }: Stage, hours: number): Promise<Fault[]> {
  try {
    for (let hour = 0; hour < hours; hour += 1) {
      await time.nextHour();
      // Every other hour somebody has booked what is due before anybody asks.
      if (hour % 2 === 1) await sweepAll(ledgers);
      await Promise.all(players.map((player) => player.play(hour)));
    }
    await time.nextHour();
    await sweepAll(ledgers);
    return [];
  } catch (error) {
    return [{ history: null, events: [], findings: [String(error)] }];
  }
}

function tallied({ request, answer }: Event): string {
  const kind = request?.kind ?? "balance";
  if (answer.is === "refused") return `${kind}: refused, ${answer.refusal.code}`;
  return answer.is === "done" && answer.replayed ? `${kind}: replayed` : `${kind}: ${answer.is}`;
}

function judge(players: readonly Player[], rows: Rows, time: TimeMachine): Fault[] {
  const journal = Map.groupBy(rows.journal, ({ account }) => account);
  const grants = Map.groupBy(rows.grants, ({ account }) => account);
  const holds = Map.groupBy(rows.holds, ({ account }) => account);
  const byAccount = new Map(rows.accounts.map((row) => [row.account, row]));
  const faults: Fault[] = players.map((player, history) => {
    const events = Map.groupBy(player.events, ({ account }) => account);
    const findings = [0, 1].flatMap((number) => {
      const account = `${player.name}-${number}`;
      return judgeAccount({
        ...{ account, events: events.get(account) ?? [], journal: journal.get(account) ?? [] },
        ...{ row: byAccount.get(account), grants: grants.get(account) ?? [], holds: holds.get(account) ?? [] },
        ...{ aheadOf: (line) => time.aheadOf(line), aheadMs: time.aheadMs },
      });
    });
    return { history, events: player.events, findings };
  });
  return [...faults, { history: null, events: [], findings: auditRows(rows) }].filter(
    ({ findings }) => findings.length > 0,
  );
}
