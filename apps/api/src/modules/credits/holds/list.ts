import { operations } from "@jifen/contract";
import { accountOf } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readHolds } from "./read-holds.ts";

/** Lists the holds of the caller, newest first. */
export const list = (deps: Deps) =>
  implement(operations.holds.list, ({ input, caller }) => readHolds(deps, accountOf(caller.userId), input));
