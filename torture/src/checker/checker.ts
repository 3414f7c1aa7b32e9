import { isDeepStrictEqual } from "node:util";
import { ModelAccount } from "../model/account.ts";
import type { Allocation, Line } from "../model/request.ts";
import type { Event } from "./event.ts";
import { couldBe } from "./owner.ts";
import type { AccountRow, GrantRow, HoldRow, JournalRow } from "./rows.ts";
import { type Window, windowsOf } from "./windows.ts";

/** What is known of one account: what was asked of it, and what the database holds. */
export type Case = {
  readonly account: string;
  readonly events: readonly Event[];
  readonly journal: readonly JournalRow[];
  readonly row: AccountRow | undefined;
  readonly grants: readonly GrantRow[];
  readonly holds: readonly HoldRow[];
  /** How much later the model's time was than the database's when a line was written. */
  readonly aheadOf: (line: JournalRow) => number;
  /** How much later it is than the moments that the tables hold now. */
  readonly aheadMs: number;
};

type Pending = { readonly event: Event; readonly window: Window; readonly seen: Set<string> };

const bySharedName = (allocations: readonly Allocation[]) =>
  allocations.toSorted((one, other) => (one.bucket < other.bucket ? -1 : 1));

/**
 * Replays the journal of one account through the model, in the journal's order, and compares: every line with what
 * the model says must be written, every answer with what the model answers at some point between asking and being
 * answered, and at the end every row with what the model has.
 * @returns what is wrong, in sentences
 */
export function judgeAccount(given: Case): string[] {
  return new Judge(given).run();
}

class Judge {
  readonly #given: Case;
  readonly #model: ModelAccount;
  readonly #findings: string[] = [];
  readonly #byKey: ReadonlyMap<string, readonly Event[]>;
  readonly #byLine = new Map<string, Event>();
  /** Those that a line has been found for. */
  readonly #used = new Set<Event>();
  #pending: Pending[] = [];

  constructor(given: Case) {
    this.#given = given;
    this.#model = new ModelAccount(given.account);
    this.#byKey = Map.groupBy(given.events, ({ key }) => key ?? "");
  }

  run(): string[] {
    const sequences = new Map(this.#given.journal.map(({ id, sequence }) => [id, sequence]));
    const done = this.#given.events.flatMap((event) => {
      if (event.answer.is === "failed") this.#findings.push(`${told(event)} failed: ${event.answer.error}`);
      if (event.answer.is !== "done" || event.answer.replayed) return [];
      const { line } = event.answer;
      const sequence = sequences.get(line);
      if (sequence === undefined) this.#findings.push(`lost: ${told(event)}, and the journal has no line ${line}`);
      if (this.#byLine.has(line)) this.#findings.push(`twice: ${told(event)}, as somebody else was told anew`);
      this.#byLine.set(line, event);
      return sequence === undefined ? [] : [{ event, sequence }];
    });
    const windows = windowsOf(done);
    this.#pending = this.#given.events.flatMap((event) => {
      const { is } = event.answer;
      const isOpen = is === "refused" || is === "read" || (is === "done" && event.answer.replayed);
      return isOpen ? [{ event, window: windows.of(event), seen: new Set<string>() }] : [];
    });
    for (const { event, sequence } of done) {
      const { from, to } = windows.of(event);
      if (sequence <= from || sequence > to) {
        this.#findings.push(`M7 ${told(event)} as line ${sequence}, which belongs between ${from} and ${to + 1}`);
      }
    }
    this.#replay();
    const rows = new Map(this.#given.journal.map((row) => [row.id, row]));
    for (const { answer } of this.#given.events) {
      const row = answer.is === "done" ? rows.get(answer.line) : undefined;
      if (row && answer.is === "done") this.#checkAnswer(row, answer);
    }
    if (this.#findings.length === 0) this.#compareRows();
    return this.#findings;
  }

  #replay(): void {
    const { journal } = this.#given;
    this.#explain(0);
    for (let at = 0; at < journal.length && this.#findings.length === 0; ) {
      const next = this.#next(at);
      if (next.length === 0) return;
      for (const [offset, line] of next.entries()) {
        const row = journal[at + offset];
        if (!row) this.#findings.push(`missing: the ${line.kind} of ${line.amount} after the journal's last line`);
        else this.#compareLine(row, line, at + offset + 1);
        if (row) this.#model.hear(row.id, line);
      }
      at += next.length;
      this.#explain(at);
    }
    if (this.#findings.length > 0) return;
    for (const { event, window, seen } of this.#pending) {
      const { from, to } = window;
      const between = `between lines ${from} and ${Math.min(to, journal.length)}`;
      this.#findings.push(`${told(event)}; ${between} the model answers ${[...seen].join(" or ") || "nothing"}`);
    }
  }

  /** What the model says comes next, beginning with the line at `at`. */
  #next(at: number): readonly Line[] {
    const row = this.#given.journal[at];
    if (!row) return [];
    const aheadMs = this.#given.aheadOf(row);
    const nowMs = row.createdAtMs + aheadMs;
    const following = this.#given.journal.slice(at, at + 64).map(({ subject }) => subject ?? "");
    const due = this.#model.pass(nowMs, following);
    if (due.length > 0) return due;
    const own = this.#ownLine(row, at);
    const event = this.#ownerOf(own);
    if (!event?.request) {
      this.#findings.push(`made up: nobody asked for line ${row.sequence}, ${row.kind} ${row.amount} (${row.key})`);
      return [];
    }
    // Without a key, a request is known by what it led to.
    const key = event.key ?? `transaction:${own.id}`;
    const verdict = this.#model.verdict(key, event.request, { nowMs, aheadMs });
    if (verdict.is !== "new") {
      this.#findings.push(`line ${row.sequence} did ${JSON.stringify(event.request)}: ${JSON.stringify(verdict)}`);
      return [];
    }
    const lines = this.#model.perform(key, event.request, { nowMs, aheadMs, line: own.id, subject: own.subject });
    this.#checkHold(event);
    return lines;
  }

  /** A capture frees what it does not charge in the line before its own. */
  #ownLine(row: JournalRow, at: number): JournalRow {
    const after = this.#given.journal[at + 1];
    return row.key.startsWith("system:") && after?.kind === "capture" && after.subject === row.subject ? after : row;
  }

  /** Whoever was told of it anew, or, when that answer was lost, whoever asked for such a thing under its key or without. */
  #ownerOf(row: JournalRow): Event | undefined {
    const bare = (this.#byKey.get("") ?? []).filter((event) => event.answer.is === "unknown" && !this.#used.has(event));
    const asked = row.key.startsWith("transaction:") ? bare : (this.#byKey.get(row.key) ?? []);
    const owner = this.#byLine.get(row.id) ?? asked.find(({ request }) => request && couldBe(request, row));
    if (owner) this.#used.add(owner);
    return owner;
  }

  #compareLine(row: JournalRow, line: Line, sequence: number): void {
    const ahead = this.#given.aheadOf(row);
    const { kind, amount, subject, expiredOnReturn } = line;
    const key = line.key ?? (row.key.startsWith("system:") ? row.key : "one of the system's");
    const expected = {
      ...{ key, sequence, kind, amount, subject, expiredOnReturn, debit: line.from, credit: line.to },
      ...{ balanceAfter: line.spendable, heldAfter: line.held, allocations: bySharedName(line.allocations) },
      ...{ expiresAtMs: line.endsAtMs === null ? null : line.endsAtMs - ahead },
    };
    const written: Record<string, unknown> = { ...row, allocations: bySharedName(row.allocations) };
    const wrong = Object.entries(expected).filter(([name, value]) => !isDeepStrictEqual(written[name], value));
    for (const [name, value] of wrong) {
      const says = `${name} ${JSON.stringify(written[name])}`;
      this.#findings.push(`line ${row.sequence} (${row.kind} ${row.amount}) has ${says}, not ${JSON.stringify(value)}`);
    }
  }

  /** What was said about a line is what the line says. */
  #checkAnswer(row: JournalRow, { says, spendable }: Extract<Event["answer"], { is: "done" }>): void {
    const told = { ...says, ...(spendable === undefined ? {} : { spendable }) };
    const written: Record<string, unknown> = { ...row, spendable: row.balanceAfter - row.expiredOnReturn };
    for (const [name, value] of Object.entries(told)) {
      if (!isDeepStrictEqual(written[name], value)) {
        const says = `${name} ${JSON.stringify(value)}, and the line has ${JSON.stringify(written[name])}`;
        this.#findings.push(`the answer to line ${row.sequence} (${row.kind} ${row.amount}) says ${says}`);
      }
    }
  }

  #checkHold({ answer, aheadMs, request }: Event): void {
    if (answer.is !== "done" || !answer.hold) return;
    const expected = this.#holdRow(answer.hold.id ?? "", aheadMs);
    const wrong = Object.entries(answer.hold).filter(([name, value]) => expected?.[name as keyof HoldRow] !== value);
    for (const [name, value] of wrong) {
      this.#findings.push(`the answer to ${JSON.stringify(request)} says ${name} ${value} of the hold`);
    }
  }

  /** Strikes off whatever is answered as the model answers after so many lines. */
  #explain(position: number): void {
    this.#pending = this.#pending.filter(({ event, window, seen }) => {
      if (position < window.from || position > window.to || this.#model.isDue(event.sentMs)) return true;
      const expected = this.#expected(event);
      if (isDeepStrictEqual(expected, observed(event))) return false;
      if (seen.size < 3) seen.add(JSON.stringify(expected));
      return true;
    });
  }

  #expected(event: Event): object {
    if (event.request === null) {
      const { purse, held } = this.#model;
      const isTold = event.answer.is === "read" && event.answer.expiring !== undefined;
      const expiring = isTold ? { expiring: purse.expiring(event.sentMs) } : {};
      return { is: "read", balance: purse.spendable, held, ...expiring };
    }
    return this.#model.verdict(event.key, event.request, { nowMs: event.sentMs, aheadMs: event.aheadMs });
  }

  #holdRow(id: string, aheadMs: number): HoldRow | undefined {
    const hold = this.#model.holds.get(id);
    if (!hold) return undefined;
    const { amount, state, captured, endsAtMs, resolvedAtMs } = hold;
    const rest = amount - captured;
    return {
      ...{ account: this.#model.name, id, amount, state, captured },
      released: state === "released" || state === "captured" ? rest : 0,
      expired: state === "expired" ? rest : 0,
      expiresAtMs: endsAtMs - aheadMs,
      resolvedAtMs: resolvedAtMs === null ? null : resolvedAtMs - aheadMs,
    };
  }

  #compareRows(): void {
    const { account, row, grants, holds, aheadMs } = this.#given;
    const { purse, held, sequence } = this.#model;
    const compare = (what: string, is: unknown, expected: unknown) => {
      if (isDeepStrictEqual(is, expected)) return;
      this.#findings.push(`${what} is ${JSON.stringify(is)}, not ${JSON.stringify(expected)}`);
    };
    if (row || sequence > 0) compare("the account", row, { account, balance: purse.spendable, held, sequence });
    const buckets = new Map(purse.buckets.map((bucket) => [bucket.id, bucket]));
    compare("the set of grants", grants.map(({ id }) => id).toSorted(), [...buckets.keys()].toSorted());
    for (const grant of grants) {
      const bucket = buckets.get(grant.id);
      const ends = bucket?.endsAtMs ?? Number.NaN;
      const expiresAtMs = Number.isFinite(ends) ? ends - aheadMs : null;
      compare("a grant", grant, { ...grant, amount: bucket?.amount, remaining: bucket?.left, expiresAtMs });
    }
    compare("the set of holds", holds.map(({ id }) => id).toSorted(), [...this.#model.holds.keys()].toSorted());
    for (const hold of holds) compare("a hold", hold, this.#holdRow(hold.id, aheadMs));
  }
}

/** An answer in the model's words. */
function observed({ answer, aheadMs }: Event): object {
  switch (answer.is) {
    case "done":
      return { is: "replayed", line: answer.line };
    case "refused": {
      const { resolvedAtMs } = answer.refusal;
      const resolved = typeof resolvedAtMs === "number" ? { resolvedAtMs: resolvedAtMs + aheadMs } : {};
      return { is: "refused", refusal: { ...answer.refusal, ...resolved } };
    }
    case "read": {
      const { expiring } = answer;
      const later = expiring ? { expiring: { ...expiring, expiresAtMs: expiring.expiresAtMs + aheadMs } } : {};
      return { ...answer, ...later };
    }
    case "unknown":
    case "failed":
      return answer;
    default:
      return answer satisfies never;
  }
}

const told = ({ account, key, request, answer }: Event): string =>
  `${account} asked ${JSON.stringify(request ?? "for its balance")} under ${key ?? "no key"} and was told ${JSON.stringify(answer)}`;
