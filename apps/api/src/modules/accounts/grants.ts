import { operations } from "@jifen/contract";
import { implement } from "../../trpc/procedure.ts";
import { readGrants } from "../credits/grants/read-grants.ts";
import type { Deps } from "./deps.ts";
import { findAccount } from "./find-account.ts";

/** Lists the grants of a user, newest first. */
export const grants = (deps: Deps) =>
  implement(operations.accounts.grants, async ({ input }) => {
    const account = await findAccount(deps, input.userId);
    return account.ok ? readGrants(deps, account.value, input) : account;
  });
