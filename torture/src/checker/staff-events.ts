import type { JournalRow } from "@jifen/testkit/ledger-model";

/** An audit event about an account. */
export type StaffEvent = {
  readonly id: string;
  readonly actor: string;
  /** The account, `user:<id>`. */
  readonly subject: string;
  readonly requestId: string | null;
};

/** What only staff does to an account. */
const kinds: ReadonlySet<string> = new Set(["grant", "revoke", "refund"]);

/**
 * Checks that an action of staff and its audit event are written together (M15): each entry by hand has the event of its id,
 * with the same author and account, and there is no event of an action without effect.
 * @returns one sentence per violation
 */
export function checkStaffEvents(journal: readonly JournalRow[], events: readonly StaffEvent[]): string[] {
  const byHand = journal.filter(({ kind, actor }) => kinds.has(kind) && actor !== "system");
  const expected = new Map(byHand.map((entry) => [entry.id.replace(/^txn-/, "event-"), entry]));
  const found = new Map(events.map((event) => [event.id, event]));
  return [
    ...[...expected].flatMap(([id, { account, kind, actor, requestId }]) => {
      const event = found.get(id);
      if (!event) return [`M15 the ${kind} of ${account} by ${actor} has no audit event ${id}`];
      const isSame = event.actor === actor && event.requestId === requestId && event.subject === account;
      return isSame ? [] : [`M15 the ${kind} of ${account} by ${actor} in ${requestId} has ${JSON.stringify(event)}`];
    }),
    ...[...found.keys()]
      .filter((id) => !expected.has(id))
      .map((id) => `M15 the audit event ${id} is about a transaction that does not exist`),
  ];
}
