import { operations } from "@jifen/contract";
import { refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readStats } from "../read-stats.ts";

/** Sums calls and credits of a user, or of all users, by hour, day or month, for staff. */
export const stats = (deps: Deps) =>
  implement(operations.adminLogs.stats, async ({ input: { userId: id, ...input } }) => {
    if (id === undefined) return readStats(deps, input, undefined);
    const user = userId(id);
    if (!(await deps.userCache.find(user))) return refuse({ code: "USER_NOT_FOUND" });
    return readStats(deps, input, user);
  });
