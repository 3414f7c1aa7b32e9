import { operations } from "@jifen/contract";
import { refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readLogPage } from "../log-page.ts";

/** Lists the logs of a user, or of all users, for staff. The audit log has who reads the logs of which user. */
export const list = (deps: Deps) =>
  implement(operations.adminLogs.list, async ({ input: { userId: id, ...input }, caller, requestId }) => {
    if (id === undefined) return readLogPage(deps, input, undefined);
    const user = userId(id);
    if (!(await deps.userCache.find(user))) return refuse({ code: "USER_NOT_FOUND" });
    const page = await readLogPage(deps, input, user);
    if (page.ok) await deps.recordReading({ caller, requestId, user });
    return page;
  });
