import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readNamed } from "../named-in-logs.ts";
import { toLogOutput } from "../to-log.ts";

/** Finds a log of any user, with all of its details, for staff. The audit log has who reads the logs of which user. */
export const find = (deps: Deps) =>
  implement(operations.adminLogs.find, async ({ input, caller, requestId }) => {
    const log = await deps.database.logs.find(input.logId);
    if (!log) return refuse({ code: "LOG_NOT_FOUND" });
    const named = await readNamed(deps.database.history, [log]);
    await deps.recordReading({ caller, requestId, user: log.userId });
    return ok(toLogOutput(log, named(log)));
  });
