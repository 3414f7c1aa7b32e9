import { auditEventRow } from "@jifen/database";
import type { Entry, ExtraWrites } from "@jifen/ledger";
import type { Actor, AuditAction } from "./audit-event.ts";

/**
 * The audit event of a ledger command by hand, written in the transaction of its entry: both or neither. A replay writes
 * none, because the first execution has written it. The event has the id of the transaction with another prefix.
 */
export const entryEvent =
  ({ actor, requestId }: Actor, { action, reason, note, details }: Omit<AuditAction, "subject">) =>
  ({ id, accountId, amount, createdAtMs }: Entry): ExtraWrites => ({
    rows: [
      auditEventRow({
        id: id.replace(/^txn-/, "event-"),
        atMs: createdAtMs,
        actor,
        action,
        subject: accountId,
        reason: reason ?? null,
        details: JSON.stringify({ transactionId: id, amount, ...details, note }),
        requestId,
      }),
    ],
  });
