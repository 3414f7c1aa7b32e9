import { type AccountId, accountOf, credits, grantId, holdId, ownerOf, userId } from "@jifen/core";
import { openDatabase } from "@jifen/database";
import { bySystem, type Ledger } from "@jifen/ledger";
import { openLedger } from "../src/modules/credits/open-ledger.ts";
import { inThePast } from "../src/modules/demo/in-the-past.ts";
import { createIds } from "../src/values/ids.ts";

const newId = createIds(Date.now);

/** What happens to an account at a time of the past. */
export type PastCommand = (ledger: Ledger, account: AccountId) => Promise<{ readonly ok: boolean }>;

/** Runs commands on the account of a user as if each came at its time, oldest first. The account must have no later entries. */
export async function spendInThePast(
  url: string,
  email: string,
  commands: readonly (readonly [atMs: number, command: PastCommand])[],
): Promise<void> {
  const database = await openDatabase(url);
  let nowMs = 0;
  const ledger = openLedger(
    inThePast(database, () => nowMs),
    newId,
  );
  try {
    for (const [atMs, command] of commands) {
      nowMs = atMs;
      const outcome = await command(ledger, accountOf(userId(email)));
      if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome)}`);
    }
  } finally {
    await database.close();
  }
}

/** Grants credits. */
export const granting =
  (amount: number, source: "purchase" | "code", expiresAtMs: number | null = null): PastCommand =>
  (ledger, accountId) =>
    ledger.grant({
      ...{ ...bySystem, accountId, amount: credits(amount), source, expiresAtMs },
      ...{ grantId: grantId(newId("grant")), priority: 50, reason: "past" },
    });

/** Takes credits back. */
export const revoking =
  (amount: number): PastCommand =>
  (ledger, accountId) =>
    ledger.revoke({
      ...{ ...bySystem, accountId, amount: credits(amount), reason: "past", grantId: null, atMost: false },
    });

/** Spends credits on an action, and returns `refunded` of them. */
export const consuming =
  (amount: number, action: string, refunded = 0): PastCommand =>
  async (ledger, accountId) => {
    const charged = await ledger.consume({ ...bySystem, accountId, amount: credits(amount), action, metadata: null });
    if (!charged.ok || refunded === 0) return charged;
    const chargeId = charged.value.entry.id;
    return ledger.refund({ ...bySystem, accountId, chargeId, amount: credits(refunded), metadata: null });
  };

const owner = ownerOf("user", userId("user@example.com"));

/** Places a hold. */
export const holding =
  (id: string, amount: number, ttlSeconds: number): PastCommand =>
  (ledger, accountId) =>
    ledger.hold({
      ...{ ...bySystem, accountId, amount: credits(amount), holdId: holdId(id), action: "held", metadata: null },
      ...{ placedBy: owner, ttlSeconds },
    });

/** Captures a part of a hold, and releases the rest. */
export const capturing =
  (id: string, amount: number): PastCommand =>
  (ledger, accountId) =>
    ledger.capture({
      ...{ ...bySystem, accountId, amount: credits(amount), metadata: null },
      ...{ holdId: holdId(id), by: owner, resolvesUnowned: false },
    });
