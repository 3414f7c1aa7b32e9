import type { operations } from "@jifen/contract";
import type { CallLog } from "@jifen/database";
import type { z } from "zod";
import { isoTime } from "../../values/iso-time.ts";
import type { NamedInLog } from "./named-in-logs.ts";

/** A log as the output of operations. @param named what the ledger has of what the log names */
export const toLogOutput = (
  log: CallLog,
  { charge, hold }: NamedInLog,
): z.input<typeof operations.logs.find.output> => ({
  logId: log.id,
  userId: log.userId,
  action: log.action,
  success: log.success,
  timestamp: isoTime(log.occurredAtMs),
  countedAt: isoTime(log.countedAtMs),
  receivedAt: isoTime(log.createdAtMs),
  durationMs: log.durationMs,
  reference: log.reference,
  details: log.details === null ? null : JSON.parse(log.details),
  detailsBytes: log.detailsBytes,
  charge: charge && {
    transactionId: charge.entry.id,
    kind: charge.entry.kind as "consume" | "capture",
    amount: charge.entry.amount,
    refunded: charge.refunded,
    net: charge.entry.amount - charge.refunded,
  },
  hold: hold && { holdId: hold.id, state: hold.state, amount: hold.amount, captured: hold.captured },
});
