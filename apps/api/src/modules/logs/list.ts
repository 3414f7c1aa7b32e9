import { operations } from "@jifen/contract";
import { implement } from "../../trpc/procedure.ts";
import type { Deps } from "./deps.ts";
import { readLogPage } from "./log-page.ts";

/** Lists the logs of the caller, newest first. */
export const list = (deps: Deps) =>
  implement(operations.logs.list, ({ input, caller }) => readLogPage(deps, input, caller.userId));
