import { operations } from "@jifen/contract";
import { accountOf, ok } from "@jifen/core";
import { isExpired } from "@jifen/ledger";
import { implement } from "../../../trpc/procedure.ts";
import { grantCursor, pageOf } from "../../../values/cursor.ts";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";

/** Lists the grants of the caller, newest first. */
export const list = ({ database, ledger }: Deps) =>
  implement(operations.grants.list, async ({ input, caller }) => {
    const before = grantCursor.read(input.cursor);
    if (!before.ok) return before;
    const account = accountOf(caller.userId);
    // Processes expirations first: an expired grant has nothing remaining.
    const { readAtMs } = await ledger.balance(account);
    const grants = await database.history.grants(account, { limit: input.limit + 1, before: before.value });
    const { page, nextCursor } = pageOf(grants, input.limit, ({ id }) => grantCursor.write(id));
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
  });
