import { operations } from "@jifen/contract";
import { implement } from "../../trpc/procedure.ts";
import type { Deps } from "./deps.ts";
import { readStats } from "./read-stats.ts";

/** Sums calls and credits of the caller by hour, day or month. */
export const stats = (deps: Deps) =>
  implement(operations.logs.stats, ({ input, caller }) => readStats(deps, input, caller.userId));
