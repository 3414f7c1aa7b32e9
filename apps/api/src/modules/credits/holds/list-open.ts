import { operations } from "@jifen/contract";
import { invariant, ok, userOf } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { holdCursor, pageOf } from "../../../values/cursor.ts";
import type { Deps } from "../deps.ts";
import { toHoldOutput } from "./to-hold.ts";

/** Lists the open holds of all users, oldest first. One that has expired is not open, even before its expiry is processed. */
export const listOpen = ({ database, nowMs }: Deps) =>
  implement(operations.holds.listOpen, async ({ input: { olderThanSeconds, limit, cursor } }) => {
    const after = holdCursor.read(cursor);
    if (!after.ok) return after;
    const now = nowMs();
    // The id of a hold that is placed now begins with this millisecond.
    const filter = { placedBeforeMs: now + 1 - olderThanSeconds * 1_000, expiringAfterMs: now };
    const holds = await database.history.openHolds(filter, { limit: limit + 1, before: after.value });
    const { page, nextCursor } = pageOf(holds, limit, ({ id }) => holdCursor.write(id));
    const items = page.map((hold) => {
      const userId = userOf(hold.accountId);
      invariant(userId !== undefined, `hold ${hold.id} is of no user`);
      return { ...toHoldOutput(hold), userId, placedBy: hold.placedBy };
    });
    return ok({ items, nextCursor });
  });
