import type { Language, Refusal, streams } from "@jifen/contract";
import { accountOf, type Outcome, ok, type UserId } from "@jifen/core";
import { idBound } from "@jifen/database";
import type { z } from "zod";
import { invalidField } from "../../values/invalid-field.ts";
import type { LogExportJob } from "../exports/export-job.ts";
import { readFileRequest } from "../exports/file-request.ts";
import { MAX_AFTER_ARRIVAL_MS } from "./counted-at.ts";
import type { Deps } from "./deps.ts";
import { toLogFilter } from "./to-log-filter.ts";

/** What a request for a file of logs says. */
export type ExportInput = z.output<typeof streams.logs.export.input>;

/** Whose logs a file has; all users if `userId` is undefined. */
type Request = { readonly userId: UserId | undefined; readonly language: Language };

/** The job of a file of logs. Refuses: VALIDATION_FAILED (`tz`, `to`, `holdId`, `after`). */
export async function toLogExportJob(
  {
    database,
    timeZone,
    nowMs,
  }: Pick<Deps, "timeZone" | "nowMs"> & { readonly database: Pick<Deps["database"], "logs"> },
  input: ExportInput,
  { userId, language }: Request,
): Promise<Outcome<LogExportJob, Refusal<"VALIDATION_FAILED">>> {
  const request = readFileRequest(input, { timeZone, language });
  if (!request.ok) return request;
  const { form, fromMs, toMs } = request.value;
  const filter = toLogFilter(input, userId);
  if (!filter.ok) return filter;
  const { after } = input;
  if (after !== undefined && !(await database.logs.find(after, userId))) {
    return invalidField("after", {
      zh: "必须是这些日志中一条的 logId，请检查 logId 和所用的账户",
      en: "must be the logId of one of these logs; check it and the user of the credential",
    });
  }
  const startedAtMs = nowMs();
  const { beforeId } = filter.value;
  // No log that has arrived counts later: without an end, a file of a busy service would have none.
  const endId = idBound(startedAtMs + MAX_AFTER_ARRIVAL_MS + 1);
  return ok({
    ...form,
    kind: "logs",
    filter: {
      ...filter.value,
      afterId: after,
      beforeId: beforeId === undefined || beforeId > endId ? endId : beforeId,
    },
    hasDetails: input.details,
    startedAtMs,
    ledger: hasAllLogs(input) ? { accountId: userId && accountOf(userId), fromMs, toMs } : undefined,
  });
}

/** Whether a file has all logs of its range: then it has the credits that the ledger has in that range. */
const hasAllLogs = ({ from: _, to: __, format: ___, tz: ____, details: _____, ...others }: ExportInput): boolean =>
  Object.values(others).every((filter) => filter === undefined);
