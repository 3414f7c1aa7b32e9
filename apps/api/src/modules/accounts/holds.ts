import { operations } from "@jifen/contract";
import { implement } from "../../trpc/procedure.ts";
import { readHolds } from "../credits/holds/read-holds.ts";
import type { Deps } from "./deps.ts";
import { findAccount } from "./find-account.ts";

/** Lists the holds of a user, newest first. */
export const holds = (deps: Deps) =>
  implement(operations.accounts.holds, async ({ input }) => {
    const account = await findAccount(deps, input.userId);
    return account.ok ? readHolds(deps, account.value, input) : account;
  });
