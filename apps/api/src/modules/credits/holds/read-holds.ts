import type { operations } from "@jifen/contract";
import { type AccountId, ok } from "@jifen/core";
import type { z } from "zod";
import { holdCursor, pageOf } from "../../../values/cursor.ts";
import type { Deps } from "../deps.ts";
import { toHoldOutput } from "./to-hold.ts";

/** A page of the holds of an account as the output of operations. Refuses: VALIDATION_FAILED (`cursor`) */
export async function readHolds(
  { database, ledger }: Pick<Deps, "database" | "ledger">,
  account: AccountId,
  { state, limit, cursor }: z.output<typeof operations.holds.list.input>,
) {
  const before = holdCursor.read(cursor);
  if (!before.ok) return before;
  // Processes expirations first: an expired hold is not pending.
  await ledger.balance(account);
  const holds = await database.history.holds(account, { state }, { limit: limit + 1, before: before.value });
  const { page, nextCursor } = pageOf(holds, limit, ({ id }) => holdCursor.write(id));
  return ok({ items: page.map(toHoldOutput), nextCursor });
}
