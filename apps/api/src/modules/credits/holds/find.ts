import { operations } from "@jifen/contract";
import { accountOf, holdId, ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { toHoldOutput } from "./to-hold.ts";

/** Finds a hold of the caller. */
export const find = ({ database, ledger }: Deps) =>
  implement(operations.holds.find, async ({ input, caller }) => {
    const account = accountOf(caller.userId);
    // Processes expirations first: an expired hold is not pending.
    await ledger.balance(account);
    const hold = await database.history.hold(account, holdId(input.holdId));
    return hold ? ok(toHoldOutput(hold)) : refuse({ code: "HOLD_NOT_FOUND" });
  });
