import { operations } from "@jifen/contract";
import { refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readLogPage } from "../log-page.ts";

/** Lists the logs of a user, or of all users, for staff. The audit log has who reads the logs of which users. */
export const list = (deps: Deps) =>
  implement(operations.adminLogs.list, async ({ input: { userId: id, ...input }, caller, requestId }) => {
    const user = id === undefined ? undefined : userId(id);
    if (user !== undefined && !(await deps.userCache.find(user))) return refuse({ code: "USER_NOT_FOUND" });
    const page = await readLogPage(deps, input, user);
    if (!page.ok) return page;
    const shown = new Set([
      ...(user === undefined ? [] : [user]),
      ...page.value.items.map((log) => userId(log.userId)),
    ]);
    await Promise.all([...shown].map((each) => deps.recordReading({ caller, requestId, user: each })));
    return page;
  });
