import { DatabaseUnavailable, type Entry, OutcomeUnknown } from "@jifen/ledger";
import { type Actor, type AuditAction, toAuditEvent } from "./audit-event.ts";
import type { AuditEventDeps, Deps } from "./deps.ts";

/**
 * Writes down who moved somebody's credits by hand. The ledger has committed by then: whoever asked hears that it is done
 * only once this is written too, and otherwise asks again under the same key, which writes it. The event has the
 * transaction's own id, so it is written once.
 * @throws OutcomeUnknown naming the transaction
 */
export async function noteTransaction(
  deps: Deps & AuditEventDeps,
  { by, entry, ...deed }: Pick<AuditAction, "action" | "reason"> & { by: Actor; entry: Entry },
): Promise<void> {
  const { id, accountId, amount } = entry;
  const event = toAuditEvent(deps, by, { ...deed, subject: accountId, details: { transactionId: id, amount } });
  try {
    await deps.database.auditLog.record({ ...event, id: id.replace(/^txn-/, "event-") });
  } catch (cause) {
    if (!(cause instanceof DatabaseUnavailable || cause instanceof OutcomeUnknown)) throw cause;
    throw new OutcomeUnknown("done, but not written down who did it", { cause, transactionId: id });
  }
}
