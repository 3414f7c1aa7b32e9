import { streams } from "@jifen/contract";
import { ok, refuse, userId } from "@jifen/core";
import { implementStream } from "../../../trpc/stream.ts";
import { requesterOf } from "../../exports/exports.ts";
import { describeFile } from "../../exports/file-request.ts";
import type { Deps } from "../deps.ts";
import { toLogExportJob } from "../export-job.ts";

/** Exports the logs of a user, or of all users, for staff. The audit log has each file. */
export const exportAny = (deps: Deps) =>
  implementStream(streams.adminLogs.export, async ({ input: { userId: id, ...input }, caller, ...request }) => {
    const user = id === undefined ? undefined : userId(id);
    if (user !== undefined && !(await deps.userCache.find(user))) return refuse({ code: "USER_NOT_FOUND" });
    const job = await toLogExportJob(deps, input, { userId: user, language: request.language() });
    if (!job.ok) return job;
    const { requestId, signal } = request;
    return ok({
      ...describeFile("logs", input.format, job.value.startedAtMs),
      start: async () => {
        const started = await deps.exports.start(job.value, requesterOf(caller, signal));
        if (!started.ok) return started;
        try {
          await deps.recordExport({ actor: caller.actor, requestId, user, requested: input });
        } catch (error) {
          await started.value.cancel();
          throw error;
        }
        return started;
      },
    });
  });
