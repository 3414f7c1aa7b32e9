import { grantId, type HoldId } from "@jifen/core";
import { grantCredits, hold, unwrap, unwrapHold } from "./commands.ts";
import { InMemoryLedger } from "./in-memory-ledger.ts";

/** A grant of 30 that expires at 9,000. */
export const expiringGrant = grantId("grant-expiring");
/** A grant of 70 without expiry. */
export const endlessGrant = grantId("grant-endless");

/** A hold of 50 that expires at 61,000: all 30 of `expiringGrant`, and 20 of `endlessGrant`. */
export function createPendingHold(): { readonly ledger: InMemoryLedger; readonly id: HoldId } {
  const ledger = new InMemoryLedger();
  unwrap(ledger.run(grantCredits(30, { grantId: expiringGrant, expiresAtMs: 9_000 })));
  unwrap(ledger.run(grantCredits(70, { grantId: endlessGrant })));
  return { ledger, id: unwrapHold(ledger.run(hold(50))).id };
}
