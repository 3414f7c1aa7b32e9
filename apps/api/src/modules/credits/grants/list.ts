import { operations } from "@jifen/contract";
import { accountOf } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readGrants } from "./read-grants.ts";

/** Lists the grants of the caller, newest first. */
export const list = (deps: Deps) =>
  implement(operations.grants.list, ({ input, caller }) => readGrants(deps, accountOf(caller.userId), input));
