import { z } from "zod";
import { anyUser } from "../callers.ts";
import { operation } from "../operation.ts";
import { zOutputText } from "../primitives.ts";
import { zLog, zLogEntry, zLogId, zRedacted } from "./log-fields.ts";
import { listInput, zLogPage } from "./log-list.ts";

/** `POST /logs/create`: records one call, successful or not. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/logs/create" },
  summary: { zh: "创建日志", en: "Record one call in the log." },
  caller: anyUser("logs:write"),
  idempotent: true,
  input: zLogEntry,
  output: z.object({
    logId: zOutputText(100).meta({
      description:
        "`log-` and a UUID of version 7. Its time is `timestamp`, or the arrival when `timestamp` is more than 31 days before it or 5 minutes after it.",
    }),
    redacted: zRedacted,
  }),
  refusals: ["IDEMPOTENCY_KEY_REUSED", "OUTCOME_UNKNOWN"],
});

/** `GET /logs`: the logs of the caller, newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/logs" },
  summary: { zh: "查询日志，最新的在前", en: "List logs, newest first." },
  caller: anyUser("logs:read"),
  idempotent: false,
  input: z.strictObject(listInput),
  output: zLogPage,
  refusals: [],
});

/** `GET /logs/{logId}`: one log with all of its details. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/logs/{logId}" },
  summary: { zh: "查询一条日志及全部详情", en: "Read a log with all of its details." },
  caller: anyUser("logs:read"),
  idempotent: false,
  input: z.strictObject({ logId: zLogId }),
  output: zLog,
  refusals: ["LOG_NOT_FOUND"],
});
