import { z } from "zod";
import { staff } from "../callers.ts";
import { operation } from "../operation.ts";
import { zUserId } from "../primitives.ts";
import { zLog, zLogId } from "./log-fields.ts";
import { listInput, zLogPage } from "./log-list.ts";

/** `GET /admin/logs`: the logs of a user or of all users, newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/logs" },
  summary: { zh: "查询任意用户的日志，最新的在前", en: "List the logs of a user or of all users, newest first." },
  caller: staff("logs:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ userId: zUserId.optional(), ...listInput }),
  output: zLogPage,
  refusals: ["USER_NOT_FOUND"],
});

/** `GET /admin/logs/{logId}`: one log of any user with all of its details. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/logs/{logId}" },
  summary: { zh: "查询任意用户的一条日志及全部详情", en: "Read a log of any user with all of its details." },
  caller: staff("logs:read", "support", "finance", "admin"),
  idempotent: false,
  input: z.strictObject({ logId: zLogId }),
  output: zLog,
  refusals: ["LOG_NOT_FOUND"],
});
