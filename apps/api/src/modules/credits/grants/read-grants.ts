import type { operations } from "@jifen/contract";
import { type AccountId, ok } from "@jifen/core";
import { isExpired } from "@jifen/ledger";
import type { z } from "zod";
import { grantCursor, pageOf } from "../../../values/cursor.ts";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";

type Input = z.output<typeof operations.grants.list.input> & { readonly open?: boolean };

/** A page of the grants of an account as the output of operations. Refuses: VALIDATION_FAILED (`cursor`) */
export async function readGrants(
  { database, ledger }: Pick<Deps, "database" | "ledger">,
  account: AccountId,
  { cursor, limit, open }: Input,
) {
  const before = grantCursor.read(cursor);
  if (!before.ok) return before;
  // Processes expirations first: an expired grant has nothing remaining.
  const { readAtMs } = await ledger.balance(account);
  const grants = await database.history.grants(account, { limit: limit + 1, before: before.value, isOpen: open });
  const { page, nextCursor } = pageOf(grants, limit, ({ id }) => grantCursor.write(id));
  return ok({
    items: page.map((grant) => ({
      grantId: grant.id,
      source: grant.source,
      amount: grant.amount,
      remaining: grant.remaining,
      priority: grant.priority,
      expiresAt: isoTimeOrNull(grant.expiresAtMs),
      expired: isExpired(grant, readAtMs),
      createdAt: isoTime(grant.createdAtMs),
    })),
    nextCursor,
  });
}
