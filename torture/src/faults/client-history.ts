import { createHash } from "node:crypto";
import { auditRows, type JournalRow, type ModelRequest } from "@jifen/testkit/ledger-model";
import { checkAccount } from "../checker/checker.ts";
import type { Event } from "../checker/event.ts";
import { formatHistory } from "../checker/format-history.ts";
import type { RawDatabase } from "../checker/raw-database.ts";
import { checkStaffEvents } from "../checker/staff-events.ts";
import { type Call, type CallResult, isByAdmin, NO_ENTRY_ID } from "./send.ts";

/** A result, and when it came. */
export type TimedResult = { readonly result: CallResult; readonly sentMs: number; readonly atMs: number };

/** The history of all requests and answers, as the clients saw them. */
export class ClientHistory {
  readonly events: Event[] = [];
  /** What came of every request, also of those that had no effect, in the order of the results. */
  readonly results: TimedResult[] = [];
  readonly #findings: string[] = [];
  #ticks = 0;

  /** Records that a request is sent. @returns a function that records its result */
  begin(call: Call): (result: CallResult) => void {
    const { user, request } = call;
    const sent = this.#tick();
    const sentMs = Date.now();
    return (result) => {
      this.results.push({ result, sentMs, atMs: Date.now() });
      if (result.is === "nothing done") return;
      const author = request && { actor: actorOf(call), requestId: call.requestId };
      const event = { account: user.account, key: storedKey(call), request, author };
      const times = { sent, sentMs: Math.max(sentMs, expiryDecidedAtMs(result, request)), clockOffsetMs: 0 };
      // A request with an unknown outcome may still take effect at any later time.
      const answered = result.is === "unknown" ? Number.POSITIVE_INFINITY : this.#tick();
      this.events.push({ ...event, ...times, answered, answer: result });
    };
  }

  /** Adds a finding that does not depend on the database. */
  addFinding(finding: string): void {
    this.#findings.push(finding);
  }

  /** How often each kind of request had each result. */
  tally(): ReadonlyMap<string, number> {
    const names = this.events.map(({ request, answer }) => {
      const result = answer.is === "done" && answer.replayed ? "done before" : answer.is;
      return `${request?.kind ?? "balance"}: ${answer.is === "refused" ? answer.refusal.code : result}`;
    });
    return new Map([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
  }

  /** Compares the whole history with all that the database holds. @returns the findings */
  async check(database: RawDatabase): Promise<string[]> {
    const rows = await database.read("user:");
    const journal = Map.groupBy(rows.journal, ({ account }) => account);
    const grants = Map.groupBy(rows.grants, ({ account }) => account);
    const holds = Map.groupBy(rows.holds, ({ account }) => account);
    const events = Map.groupBy(this.events, ({ account }) => account);
    const byAccount = new Map(rows.accounts.map((row) => [row.account, row]));
    const accounts = new Set([...journal.keys(), ...events.keys(), ...byAccount.keys()]);
    const findings = [...accounts].flatMap((account) => {
      const entries = journal.get(account) ?? [];
      const accountEvents = withEntryIds(events.get(account) ?? [], entries);
      const found = checkAccount({
        ...{ account, events: accountEvents, journal: entries, row: byAccount.get(account) },
        ...{ grants: grants.get(account) ?? [], holds: holds.get(account) ?? [] },
        ...{ clockOffsetOf: () => 0, clockOffsetMs: 0 },
      });
      return found.length === 0 ? [] : [...found.slice(0, 3), historyOf(accountEvents, found[0] ?? "")];
    });
    const staffEvents = await database.readStaffEvents("user:");
    return [...this.#findings, ...findings, ...checkStaffEvents(rows.journal, staffEvents), ...auditRows(rows)];
  }

  #tick(): number {
    this.#ticks += 1;
    return this.#ticks;
  }
}

/** Users are told apart by their accounts, `user:<e-mail address>`. */
const actorOf = (call: Call): string => (isByAdmin(call) ? call.admin : call.user).account;

/** Each admin has their own key namespace, so that no user can use a key up before. */
function storedKey(call: Call): string | null {
  if (call.key === null) return null;
  const digest = createHash("sha256").update(actorOf(call)).digest("hex").slice(0, 32);
  return isByAdmin(call) ? `operator-of:${digest}:${call.key}` : `caller:${call.key}`;
}

/** EXPIRY_PASSED was decided after the expiry, unless the expiry is still to come. */
const expiryDecidedAtMs = (result: CallResult, request: ModelRequest | null): number =>
  result.is === "refused" && result.refusal.code === "EXPIRY_PASSED" && request?.kind === "grant"
    ? Math.min(request.expiresAtMs ?? 0, Date.now())
    : 0;

/** Completes answers that contain no entry id: the entry has the request's key, or it opened the hold. */
function withEntryIds(events: readonly Event[], entries: readonly JournalRow[]): Event[] {
  const byKey = new Map(entries.map(({ key, id }) => [key, id]));
  const byHold = new Map(entries.filter(({ kind }) => kind === "hold").map(({ subject, id }) => [subject, id]));
  return events.map((event) => {
    const { answer, key } = event;
    if (answer.is !== "done" || answer.entryId !== NO_ENTRY_ID) return event;
    const entryId = key === null ? byHold.get(answer.entry.subject ?? "") : byKey.get(key);
    return { ...event, answer: { ...answer, entryId: entryId ?? "an entry that is missing" } };
  });
}

/** The history of the keys that a finding names. */
function historyOf(events: readonly Event[], finding: string): string {
  const keys = new Set(finding.match(/(caller|operator-of:\w+):[\w-]+/g));
  return formatHistory(events.filter(({ key }) => key !== null && keys.has(key)));
}
