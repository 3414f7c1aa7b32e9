import { accountId } from "@jifen/core";
import { openDatabase } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import { type FaultProxy, openFaultProxy } from "@jifen/testkit/processes";
import { auditRows } from "../checker/audit.ts";
import { type Books, openBooks } from "../checker/books.ts";
import { judgeAccount } from "../checker/checker.ts";
import type { Answer, Event } from "../checker/event.ts";
import { transcribe } from "../checker/transcript.ts";
import type { Request } from "../model/request.ts";
import { isMongodb, isMysql } from "../scratch.ts";
import { ask, look } from "./ask.ts";
import { ledgerOn } from "./history-batch.ts";

/** When two requests meet. */
type Moment = {
  readonly says: string;
  /** Whether the first one's store remembers the account. */
  readonly isRemembered: boolean;
  /** What the first one is kept from sending until the second is through; nothing when the second comes before it. */
  readonly waitsAt?: string;
};

const onPostgresql: readonly Moment[] = [
  { says: "the first waits before it reads", isRemembered: false, waitsAt: "accounts-with-grants" },
  { says: "the first waits between its reads", isRemembered: false, waitsAt: "grants-by-id" },
  { says: "the first waits before it writes", isRemembered: false, waitsAt: "write" },
  { says: "the first waits before it writes on what it remembers", isRemembered: true, waitsAt: "write" },
  { says: "what the first remembers is over", isRemembered: true },
];
const waitingAt = (waitsAt: string): Moment => ({
  says: `the first waits at ${waitsAt}`,
  isRemembered: false,
  waitsAt,
});
const onMysql = ["FOR", "SYSDATE", "COMMIT"].map(waitingAt);
/** Before it reads, between its reads, before the transaction has anything in it, and before it ends. */
const onMongodb = ["aggregate", "find", "update", "commitTransaction"].map(waitingAt);

function momentsOf(url: string): readonly Moment[] {
  if (isMongodb(url)) return onMongodb;
  return isMysql(url) ? onMysql : onPostgresql;
}

/** For how long the second one may wait for the first: for ever, when the first has a lock. */
const PATIENCE_MS = 25;

/** For as many commits a store reads first, and for as many it takes locks, once it has met somebody. */
const UNTIL_TRUSTING = 128;

/** What an account has done before two requests meet on it: the first of its grants is used up, and held in part. */
type Past = { readonly holds: readonly string[]; readonly charges: readonly string[] };
type Meeting = { readonly key: string | null; readonly request: (past: Past) => Request | null };

const by = "service";
const hold = ({ holds }: Past) => holds[0] ?? "";
const charge = ({ charges }: Past) => charges[0] ?? "";
const meetings: readonly Meeting[] = [
  { key: null, request: () => ({ kind: "grant", amount: 9, priority: 5, expiresAtMs: null }) },
  { key: null, request: () => ({ kind: "consume", amount: 94, action: "video" }) },
  // More than there is, until somebody grants it.
  { key: null, request: () => ({ kind: "consume", amount: 104, action: "video" }) },
  { key: "same", request: () => ({ kind: "consume", amount: 2, action: "video" }) },
  { key: null, request: () => ({ kind: "revoke", amount: 60, action: "mistake" }) },
  { key: null, request: () => ({ kind: "hold", amount: 50, action: "video", by, ttlSeconds: 900 }) },
  { key: null, request: (past) => ({ kind: "extend", hold: hold(past), by, ttlSeconds: 1_800 }) },
  { key: null, request: (past) => ({ kind: "capture", hold: hold(past), by, amount: null }) },
  { key: null, request: (past) => ({ kind: "capture", hold: hold(past), by, amount: 1 }) },
  { key: null, request: (past) => ({ kind: "release", hold: hold(past), by }) },
  { key: null, request: (past) => ({ kind: "refund", charge: charge(past), amount: null }) },
  { key: null, request: (past) => ({ kind: "refund", charge: past.charges[1] ?? "", amount: 2 }) },
  { key: null, request: () => null },
];

/** Every kind of request meets every other one on an account, in two processes, at every moment. */
export async function runMeetings(
  url: string,
): Promise<{ readonly met: number; readonly findings: readonly string[] }> {
  await using wire = await openFaultProxy(url);
  const databases = [await openDatabase(wire.url), await openDatabase(url)] as const;
  await using books = await openBooks(url);
  const stage = new Stage(wire, {
    ledgers: [ledgerOn(databases[0]), ledgerOn(databases[1])],
    remembers: momentsOf(url).some(({ isRemembered }) => isRemembered),
  });
  const cases = meetings.flatMap((first) =>
    meetings.flatMap((second) => momentsOf(url).map((moment) => ({ first, second, moment }))),
  );
  const pasts = await Promise.all(cases.map((_, at) => stage.past(nameOf(at))));
  for (const [at, { first, second, moment }] of cases.entries()) {
    await stage.meet([first, second], { account: nameOf(at), moment, past: pasts[at] ?? nothing });
  }
  const findings = await stage.judge(books);
  await Promise.all(databases.map((database) => database.close()));
  return { met: cases.length, findings };
}

const nothing: Past = { holds: [], charges: [] };
const nameOf = (at: number) => `user:meeting-${at}`;

/** Two processes, and whether they remember whom they have met. */
type Stores = { readonly ledgers: readonly [Ledger, Ledger]; readonly remembers: boolean };

class Stage {
  readonly #wire: FaultProxy;
  readonly #ledgers: readonly [Ledger, Ledger];
  readonly #remembers: boolean;
  readonly #events: Event[] = [];
  readonly #named = new Map<string, string>();
  #ticks = 0;

  constructor(wire: FaultProxy, { ledgers, remembers }: Stores) {
    this.#wire = wire;
    this.#ledgers = ledgers;
    this.#remembers = remembers;
  }

  /** The first is under way when the second comes, and is over. */
  async meet(
    both: readonly [Meeting, Meeting],
    { account, moment, past }: { readonly account: string; readonly moment: Moment; readonly past: Past },
  ): Promise<void> {
    this.#named.set(account, `${account}, where ${moment.says}`);
    if (this.#remembers) await this.#quiet();
    if (moment.isRemembered) await this.#ledgers[0].processExpirations([accountId(account)]);
    const [first, second] = both.map(({ key, request }) => ({ account, key, request: request(past) }));
    const send = (side: 0 | 1, asked: typeof first) =>
      this.#ask(side, { account, key: asked?.key ?? null, request: asked?.request ?? null });
    if (moment.waitsAt === undefined) {
      await send(1, second);
      await send(0, first);
      return;
    }
    const pause = this.#wire.pauseAt(moment.waitsAt);
    const one = send(0, first);
    await Promise.race([pause.reached, one]);
    const other = send(1, second);
    await Promise.race([other, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    pause.resume();
    await Promise.all([one, other]);
  }

  async judge(books: Books): Promise<string[]> {
    const rows = await books.read("user:meeting-");
    const of = <Row extends { readonly account: string }>(all: readonly Row[], account: string) =>
      all.filter((row) => row.account === account);
    const findings = [...this.#named].flatMap(([account, name]) => {
      const events = of(this.#events, account);
      const found = judgeAccount({
        ...{ account, events, journal: of(rows.journal, account), row: of(rows.accounts, account)[0] },
        ...{ grants: of(rows.grants, account), holds: of(rows.holds, account), aheadOf: () => 0, aheadMs: 0 },
      });
      return found.length === 0 ? [] : [`${name}: ${found[0]}\n${transcribe(events)}`];
    });
    return [...findings, ...auditRows(rows)];
  }

  /** Two grants of 10 and 100; all of the first is spent by two charges and held by one job. */
  async past(account: string): Promise<Past> {
    const sure = async (request: Request) => {
      const answer = await this.#ask(1, { account, key: null, request });
      return answer.is === "done" ? answer : { line: "", says: { subject: null } };
    };
    await sure({ kind: "grant", amount: 10, priority: 10, expiresAtMs: null });
    await sure({ kind: "grant", amount: 100, priority: 50, expiresAtMs: null });
    const one = await sure({ kind: "consume", amount: 4, action: "video" });
    const job = await sure({ kind: "hold", amount: 3, action: "video", by, ttlSeconds: 900 });
    const other = await sure({ kind: "consume", amount: 3, action: "image" });
    return { holds: [job.says.subject ?? ""], charges: [one.line, other.line] };
  }

  /** Lets the first store forget that it has met anybody. */
  async #quiet(): Promise<void> {
    const nobody = [accountId("user:nobody")];
    await Promise.all(Array.from({ length: UNTIL_TRUSTING }, () => this.#ledgers[0].processExpirations(nobody)));
  }

  async #ask(
    side: 0 | 1,
    asked: { readonly account: string; readonly key: string | null; readonly request: Request | null },
  ): Promise<Answer> {
    const { account, key, request } = asked;
    const sent = { sent: this.#tick(), sentMs: Date.now(), aheadMs: 0 };
    const makes = `made-${this.#ticks}`;
    const ledger = this.#ledgers[side];
    const answer = await (request ? ask(ledger, { account, key, request, makes }) : look(ledger, account));
    const known = { account, key: key === null ? null : `caller:${key}`, request };
    this.#events.push({ ...known, ...sent, answered: this.#tick(), answer });
    return answer;
  }

  #tick(): number {
    this.#ticks += 1;
    return this.#ticks;
  }
}
