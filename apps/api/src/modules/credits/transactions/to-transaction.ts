import { type HoldId, holdId, type TransactionId, transactionId } from "@jifen/core";
import { type Entry, spendableGain } from "@jifen/ledger";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import type { Caller } from "../../identity/credentials/caller.ts";
import { metadataOf } from "../metadata.ts";

/** The caller that reads entries of its account. */
export type Reader = Pick<Caller, "userId" | "key">;

/** The hold that an entry belongs to. */
export function holdIdOf({ kind, referenceId }: Entry): HoldId | null {
  if (referenceId === null) return null;
  switch (kind) {
    case "hold":
    case "extend":
    case "capture":
    case "release":
      return holdId(referenceId);
    case "consume":
    case "expire":
    case "grant":
    case "refund":
    case "revoke":
      return null;
    default:
      return kind satisfies never;
  }
}

/** The charge that a refund returns. */
export const chargeIdOf = ({ kind, referenceId }: Entry): TransactionId | null =>
  kind === "refund" && referenceId !== null ? transactionId(referenceId) : null;

/**
 * The author of an entry as a reader sees it. The user of the account does not see the addresses of staff; a service that
 * acts for the user does.
 */
function shownActor({ actor }: Entry, { userId, key }: Reader): string | null {
  const isOwnAccount = key === null || key.ownerId === userId;
  const isOtherUser = actor?.startsWith("user:") && actor !== `user:${userId}`;
  return isOwnAccount && isOtherUser ? "staff" : actor;
}

/** A ledger entry as the output of operations. Staff sees every actor. */
export const toTransactionOutput = (entry: Entry, reader: Reader | "staff") => ({
  transactionId: entry.id,
  kind: entry.kind,
  amount: entry.amount,
  action: entry.action,
  metadata: metadataOf(entry.metadata),
  balanceAfter: entry.balanceAfter,
  heldAfter: entry.heldAfter,
  change: spendableGain(entry),
  holdId: holdIdOf(entry),
  chargeId: chargeIdOf(entry),
  createdAt: isoTime(entry.createdAtMs),
  expiresAt: isoTimeOrNull(entry.expiresAtMs),
  actor: reader === "staff" ? entry.actor : shownActor(entry, reader),
  requestId: entry.requestId,
});
