import { streams } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implementStream } from "../../trpc/stream.ts";
import { requesterOf } from "../exports/exports.ts";
import { describeFile } from "../exports/file-request.ts";
import type { Deps } from "./deps.ts";
import { toLogExportJob } from "./export-job.ts";

/** Exports the logs of the caller as a file. */
export const exportOwn = (deps: Deps) =>
  implementStream(streams.logs.export, async ({ input, caller, language, signal }) => {
    const job = await toLogExportJob(deps, input, { userId: caller.userId, language: language() });
    if (!job.ok) return job;
    return ok({
      ...describeFile("logs", input.format, job.value.startedAtMs),
      start: () => deps.exports.start(job.value, requesterOf(caller, signal)),
    });
  });
