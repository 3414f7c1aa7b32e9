import type { JournalRow, ModelRequest } from "@jifen/testkit/ledger-model";
import { auditRows } from "@jifen/testkit/ledger-model";
import { checkAccount } from "../checker/checker.ts";
import type { Event } from "../checker/event.ts";
import { formatHistory } from "../checker/format-history.ts";
import type { RawDatabase } from "../checker/raw-database.ts";
import { type Call, type Heard, UNNAMED } from "./call.ts";

/** What a client writes down before it asks, and when it is answered. */
export class Notebook {
  readonly events: Event[] = [];
  readonly #findings: string[] = [];
  #ticks = 0;

  /** Before a request is sent. @returns what writes its answer down */
  sending({ person, key, request }: Call): (heard: Heard) => void {
    const sent = this.#tick();
    const sentMs = Date.now();
    return (heard) => {
      if (heard.is === "nothing done") return;
      const asked = { account: person.account, key: storedKey(key, request), request };
      const known = { sent, sentMs: Math.max(sentMs, overAtMs(heard, request)), clockOffsetMs: 0 };
      // What nobody answered may still happen.
      const answered = heard.is === "unknown" ? Number.POSITIVE_INFINITY : this.#tick();
      this.events.push({ ...asked, ...known, answered, answer: heard });
    };
  }

  /** Something that is wrong whatever the books say. */
  find(finding: string): void {
    this.#findings.push(finding);
  }

  /** How often what was answered how. */
  tally(): ReadonlyMap<string, number> {
    const names = this.events.map(({ request, answer }) => {
      const how = answer.is === "done" && answer.replayed ? "done before" : answer.is;
      return `${request?.kind ?? "balance"}: ${answer.is === "refused" ? answer.refusal.code : how}`;
    });
    return new Map([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
  }

  /** Compares everything that was written down with everything that the database holds. @returns what is wrong */
  async judge(books: RawDatabase): Promise<string[]> {
    const rows = await books.read("user:");
    const journal = Map.groupBy(rows.journal, ({ account }) => account);
    const grants = Map.groupBy(rows.grants, ({ account }) => account);
    const holds = Map.groupBy(rows.holds, ({ account }) => account);
    const events = Map.groupBy(this.events, ({ account }) => account);
    const byAccount = new Map(rows.accounts.map((row) => [row.account, row]));
    const accounts = new Set([...journal.keys(), ...events.keys(), ...byAccount.keys()]);
    const findings = [...accounts].flatMap((account) => {
      const lines = journal.get(account) ?? [];
      const asked = named(events.get(account) ?? [], lines);
      const found = checkAccount({
        ...{ account, events: asked, journal: lines, row: byAccount.get(account) },
        ...{ grants: grants.get(account) ?? [], holds: holds.get(account) ?? [] },
        ...{ clockOffsetOf: () => 0, clockOffsetMs: 0 },
      });
      return found.length === 0 ? [] : [...found.slice(0, 3), around(asked, found[0] ?? "")];
    });
    return [...this.#findings, ...findings, ...auditRows(rows)];
  }

  #tick(): number {
    this.#ticks += 1;
    return this.#ticks;
  }
}

/** Keys of those who run the place have a room of their own: a user cannot use one up before. */
function storedKey(key: string | null, request: ModelRequest | null): string | null {
  if (key === null) return null;
  const isByAdmin = request?.kind === "grant" || request?.kind === "revoke" || request?.kind === "refund";
  return isByAdmin ? `operator:${key}` : `caller:${key}`;
}

/** What is refused because it would be over was decided when it was, unless that is still to come. */
const overAtMs = (heard: Heard, request: ModelRequest | null): number =>
  heard.is === "refused" && heard.refusal.code === "EXPIRY_PASSED" && request?.kind === "grant"
    ? Math.min(request.expiresAtMs ?? 0, Date.now())
    : 0;

/** Where an answer names no line, it is the one under its key, or the one that placed the hold. */
function named(events: readonly Event[], lines: readonly JournalRow[]): Event[] {
  const byKey = new Map(lines.map(({ key, id }) => [key, id]));
  const byHold = new Map(lines.filter(({ kind }) => kind === "hold").map(({ subject, id }) => [subject, id]));
  return events.map((event) => {
    const { answer, key } = event;
    if (answer.is !== "done" || answer.entryId !== UNNAMED) return event;
    const entryId = key === null ? byHold.get(answer.entry.subject ?? "") : byKey.get(key);
    return { ...event, answer: { ...answer, entryId: entryId ?? "of its own" } };
  });
}

/** What was asked under the keys that a finding names. */
function around(events: readonly Event[], finding: string): string {
  const keys = new Set(finding.match(/(caller|operator):[\w-]+/g));
  return formatHistory(events.filter(({ key }) => key !== null && keys.has(key)));
}
