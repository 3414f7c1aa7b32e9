import { isDeepStrictEqual } from "node:util";
import {
  type AccountRow,
  type Allocation,
  type GrantRow,
  type HoldRow,
  type JournalRow,
  ModelAccount,
  type ModelEntry,
} from "@jifen/testkit/ledger-model";
import { type AuthorRule, authorsOf, checkAuthor, systemAuthors } from "./author.ts";
import type { Event } from "./event.ts";
import { couldHaveWritten } from "./match-request.ts";
import { toModelAnswer } from "./model-answer.ts";
import { type Window, windowsOf } from "./windows.ts";

/** One account: the client history, and the rows of the database. */
export type AccountCase = {
  readonly account: string;
  readonly events: readonly Event[];
  readonly journal: readonly JournalRow[];
  readonly row: AccountRow | undefined;
  readonly grants: readonly GrantRow[];
  readonly holds: readonly HoldRow[];
  /** The model's clock minus the database's clock when an entry was written. */
  readonly clockOffsetOf: (entry: JournalRow) => number;
  /** The model's clock minus the times that the tables hold now. */
  readonly clockOffsetMs: number;
};

type Pending = { readonly event: Event; readonly window: Window; readonly seen: Set<string> };

const sortByBucket = (allocations: readonly Allocation[]) =>
  allocations.toSorted((one, other) => (one.bucket < other.bucket ? -1 : 1));

/**
 * Replays the journal of one account through the model, in the journal's order, and compares: every entry with the entry
 * that the model requires, every answer with the answer of the model at some point between its request and its arrival
 * (linearizability), and at the end every row with the state of the model.
 * @returns one sentence per violation.
 */
export function checkAccount(given: AccountCase): string[] {
  return new AccountChecker(given).run();
}

/** The model requires nothing, or a violation was found. */
const nothingNext = { entries: [], authors: systemAuthors };

class AccountChecker {
  readonly #given: AccountCase;
  readonly #model: ModelAccount;
  readonly #findings: string[] = [];
  readonly #eventsByKey: ReadonlyMap<string, readonly Event[]>;
  readonly #eventsByEntry = new Map<string, Event>();
  /** Events whose entry was found. */
  readonly #used = new Set<Event>();
  #pending: Pending[] = [];

  constructor(given: AccountCase) {
    this.#given = given;
    this.#model = new ModelAccount(given.account);
    this.#eventsByKey = Map.groupBy(given.events, ({ key }) => key ?? "");
  }

  run(): string[] {
    const executed = this.#findExecuted();
    const windows = windowsOf(executed);
    this.#pending = this.#given.events.flatMap((event) => {
      const { is } = event.answer;
      const needsExplanation = is === "refused" || is === "read" || (is === "done" && event.answer.replayed);
      return needsExplanation ? [{ event, window: windows.of(event), seen: new Set<string>() }] : [];
    });
    for (const { event, sequence } of executed) {
      const { from, to } = windows.of(event);
      if (sequence <= from || sequence > to) {
        this.#findings.push(`M7 ${describe(event)} as entry ${sequence}, which must be between ${from} and ${to + 1}`);
      }
    }
    this.#replay();
    const rows = new Map(this.#given.journal.map((row) => [row.id, row]));
    for (const { answer } of this.#given.events) {
      const row = answer.is === "done" ? rows.get(answer.entryId) : undefined;
      if (row && answer.is === "done") this.#checkAnswer(row, answer);
    }
    if (this.#findings.length === 0) this.#compareRows();
    return this.#findings;
  }

  /** The events that were acknowledged as a new effect, each with the number of its entry. */
  #findExecuted(): { readonly event: Event; readonly sequence: number }[] {
    const sequences = new Map(this.#given.journal.map(({ id, sequence }) => [id, sequence]));
    return this.#given.events.flatMap((event) => {
      if (event.answer.is === "failed") this.#findings.push(`${describe(event)} failed: ${event.answer.error}`);
      if (event.answer.is !== "done" || event.answer.replayed) return [];
      const { entryId } = event.answer;
      const sequence = sequences.get(entryId);
      if (sequence === undefined) {
        this.#findings.push(`lost: ${describe(event)}, and the journal has no entry ${entryId}`);
      }
      if (this.#eventsByEntry.has(entryId)) {
        this.#findings.push(`duplicate: ${describe(event)}, and another request got the same entry as a new effect`);
      }
      this.#eventsByEntry.set(entryId, event);
      return sequence === undefined ? [] : [{ event, sequence }];
    });
  }

  #replay(): void {
    const { journal } = this.#given;
    this.#explain(0);
    for (let at = 0; at < journal.length && this.#findings.length === 0; ) {
      const { entries: next, authors } = this.#next(at);
      if (next.length === 0) return;
      for (const [offset, entry] of next.entries()) {
        const row = journal[at + offset];
        if (!row) this.#findings.push(`missing: the ${entry.kind} of ${entry.amount} after the last entry`);
        else this.#compareEntry(row, entry, at + offset + 1);
        if (row) this.#findings.push(...checkAuthor(row, authors));
        if (row) this.#model.recordEntryId(row.id, entry);
      }
      at += next.length;
      this.#explain(at);
    }
    if (this.#findings.length > 0) return;
    for (const { event, window, seen } of this.#pending) {
      const { from, to } = window;
      const between = `between entries ${from} and ${Math.min(to, journal.length)}`;
      this.#findings.push(`${describe(event)}; ${between} the model answers ${[...seen].join(" or ") || "nothing"}`);
    }
  }

  /** The entries that the model requires next, beginning with the journal's entry at `at`, and their authors. */
  #next(at: number): { readonly entries: readonly ModelEntry[]; readonly authors: AuthorRule } {
    const row = this.#given.journal[at];
    if (!row) return nothingNext;
    const clockOffsetMs = this.#given.clockOffsetOf(row);
    const nowMs = row.createdAtMs + clockOffsetMs;
    const following = this.#given.journal.slice(at, at + 64).map(({ subject }) => subject ?? "");
    const expirations = this.#model.processExpirations(nowMs, following);
    if (expirations.length > 0) return { entries: expirations, authors: systemAuthors };
    const own = this.#commandEntry(row, at);
    const event = this.#eventOf(own);
    if (!event?.request) {
      this.#findings.push(`invented: no request for entry ${row.sequence}, ${row.kind} ${row.amount} (${row.key})`);
      return nothingNext;
    }
    // A request without a key is identified by its entry.
    const key = event.key ?? `transaction:${own.id}`;
    const outcome = this.#model.decide(key, event.request, { nowMs, clockOffsetMs });
    if (outcome.is !== "new") {
      const request = JSON.stringify(event.request);
      this.#findings.push(`entry ${row.sequence} executed ${request}, expected ${JSON.stringify(outcome)}`);
      return nothingNext;
    }
    const authors = this.#authorsOf(own, event);
    const execution = { nowMs, clockOffsetMs, entryId: own.id, subject: own.subject };
    const entries = this.#model.execute(key, event.request, execution);
    this.#checkHold(event);
    return { entries, authors };
  }

  /** The authors that the entry of an event can have: those of every request that could have written it. */
  #authorsOf(row: JournalRow, event: Event): AuthorRule {
    const others = this.#eventsByEntry.has(row.id) ? [] : (this.#eventsByKey.get(event.key ?? "") ?? []);
    return authorsOf([event, ...others.filter(({ request }) => request && couldHaveWritten(request, row))]);
  }

  /** The entry of the command itself: a partial capture writes a release before its own entry. */
  #commandEntry(row: JournalRow, at: number): JournalRow {
    const after = this.#given.journal[at + 1];
    return row.key.startsWith("system:") && after?.kind === "capture" && after.subject === row.subject ? after : row;
  }

  /** The event that wrote an entry: the one whose answer names it, or one of unknown outcome that could have written it. */
  #eventOf(row: JournalRow): Event | undefined {
    const withoutKey = (this.#eventsByKey.get("") ?? []).filter(
      (event) => event.answer.is === "unknown" && !this.#used.has(event),
    );
    const candidates = row.key.startsWith("transaction:") ? withoutKey : (this.#eventsByKey.get(row.key) ?? []);
    const event =
      this.#eventsByEntry.get(row.id) ?? candidates.find(({ request }) => request && couldHaveWritten(request, row));
    if (event) this.#used.add(event);
    return event;
  }

  #compareEntry(row: JournalRow, entry: ModelEntry, sequence: number): void {
    const offset = this.#given.clockOffsetOf(row);
    const { kind, amount, subject, expiredOnReturn, metadata } = entry;
    const key = entry.key ?? (row.key.startsWith("system:") ? row.key : "a key of the system");
    const expected = {
      ...{ key, sequence, kind, amount, subject, expiredOnReturn, metadata, debit: entry.from, credit: entry.to },
      ...{ balanceAfter: entry.spendable, heldAfter: entry.held, allocations: sortByBucket(entry.allocations) },
      ...{ expiresAtMs: entry.expiresAtMs === null ? null : entry.expiresAtMs - offset },
    };
    const written: Record<string, unknown> = { ...row, allocations: sortByBucket(row.allocations) };
    const wrong = Object.entries(expected).filter(([name, value]) => !isDeepStrictEqual(written[name], value));
    for (const [name, value] of wrong) {
      const found = `${name} ${JSON.stringify(written[name])}`;
      this.#findings.push(
        `entry ${row.sequence} (${row.kind} ${row.amount}) has ${found}, expected ${JSON.stringify(value)}`,
      );
    }
  }

  /** The fields of an answer are those of its entry. */
  #checkAnswer(row: JournalRow, { entry, spendable }: Extract<Event["answer"], { is: "done" }>): void {
    const answered = { ...entry, ...(spendable === undefined ? {} : { spendable }) };
    const written: Record<string, unknown> = { ...row, spendable: row.balanceAfter - row.expiredOnReturn };
    for (const [name, value] of Object.entries(answered)) {
      if (!isDeepStrictEqual(written[name], value)) {
        const differs = `${name} ${JSON.stringify(value)}, and the entry has ${JSON.stringify(written[name])}`;
        this.#findings.push(`the answer to entry ${row.sequence} (${row.kind} ${row.amount}) has ${differs}`);
      }
    }
  }

  #checkHold({ answer, clockOffsetMs, request }: Event): void {
    if (answer.is !== "done" || !answer.hold) return;
    const expected = this.#holdRow(answer.hold.id ?? "", clockOffsetMs);
    const wrong = Object.entries(answer.hold).filter(([name, value]) => expected?.[name as keyof HoldRow] !== value);
    for (const [name, value] of wrong) {
      this.#findings.push(`the answer to ${JSON.stringify(request)} has a hold with the wrong ${name} ${value}`);
    }
  }

  /** Removes the pending events whose answer equals the model's answer after `position` entries. */
  #explain(position: number): void {
    this.#pending = this.#pending.filter(({ event, window, seen }) => {
      if (position < window.from || position > window.to || this.#model.hasExpirations(event.sentMs)) return true;
      const expected = this.#expected(event);
      if (isDeepStrictEqual(expected, toModelAnswer(event))) return false;
      if (seen.size < 3) seen.add(JSON.stringify(expected));
      return true;
    });
  }

  #expected(event: Event): object {
    if (event.request === null) {
      const { buckets, held } = this.#model;
      const hasExpiring = event.answer.is === "read" && event.answer.expiring !== undefined;
      const expiring = hasExpiring ? { expiring: buckets.nextExpiry(event.sentMs) } : {};
      return { is: "read", balance: buckets.spendable, held, ...expiring };
    }
    return this.#model.decide(event.key, event.request, { nowMs: event.sentMs, clockOffsetMs: event.clockOffsetMs });
  }

  #holdRow(id: string, clockOffsetMs: number): HoldRow | undefined {
    const hold = this.#model.holds.get(id);
    if (!hold) return undefined;
    const { by: owner, amount, state, captured, expiresAtMs, resolvedAtMs } = hold;
    const rest = amount - captured;
    return {
      ...{ account: this.#model.name, id, owner, amount, state, captured },
      released: state === "released" || state === "captured" ? rest : 0,
      expired: state === "expired" ? rest : 0,
      expiresAtMs: expiresAtMs - clockOffsetMs,
      resolvedAtMs: resolvedAtMs === null ? null : resolvedAtMs - clockOffsetMs,
    };
  }

  #compareRows(): void {
    const { account, row, grants, holds, clockOffsetMs } = this.#given;
    const { buckets, held, sequence } = this.#model;
    const compare = (what: string, found: unknown, expected: unknown) => {
      if (isDeepStrictEqual(found, expected)) return;
      this.#findings.push(`${what} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
    };
    if (row || sequence > 0) compare("the account", row, { account, balance: buckets.spendable, held, sequence });
    const byId = new Map(buckets.list.map((bucket) => [bucket.id, bucket]));
    compare("the set of grants", grants.map(({ id }) => id).toSorted(), [...byId.keys()].toSorted());
    for (const grant of grants) {
      const bucket = byId.get(grant.id);
      const expiry = bucket?.expiresAtMs ?? Number.NaN;
      const expiresAtMs = Number.isFinite(expiry) ? expiry - clockOffsetMs : null;
      compare("a grant", grant, { ...grant, amount: bucket?.amount, remaining: bucket?.remaining, expiresAtMs });
    }
    compare("the set of holds", holds.map(({ id }) => id).toSorted(), [...this.#model.holds.keys()].toSorted());
    for (const hold of holds) compare("a hold", hold, this.#holdRow(hold.id, clockOffsetMs));
  }
}

const describe = ({ account, key, request, answer }: Event): string =>
  `${account} sent ${JSON.stringify(request ?? "a balance read")} with ${key ?? "no key"} and got ${JSON.stringify(answer)}`;
