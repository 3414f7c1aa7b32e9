import { z } from "zod";
import { anyUser, staff } from "../callers.ts";
import { fileContentTypes, fileInput } from "../export-input.ts";
import { stream } from "../operation.ts";
import { zQueryBoolean, zUserId } from "../primitives.ts";
import { zLogId } from "./log-fields.ts";
import { listInput } from "./log-list.ts";

const { limit: _limit, cursor: _cursor, ...filters } = listInput;

const exportInput = {
  ...filters,
  ...fileInput,
  details: zQueryBoolean.default(false).meta({ description: "Whether the file has the details, of any size." }),
  after: zLogId.optional().meta({
    description: "The last log of a file that broke off: this one begins behind it.",
  }),
};

/** `GET /logs/export`: the logs of the caller as a file, oldest first. */
export const exportLogs = stream({
  kind: "stream",
  rest: { method: "GET", path: "/logs/export" },
  summary: { zh: "导出日志文件，最早的在前", en: "Export logs as a file, oldest first." },
  caller: anyUser("logs:read"),
  input: z.strictObject(exportInput),
  contentTypes: fileContentTypes,
  refusals: [],
});

/** `GET /admin/logs/export`: the logs of a user or of all users as a file, oldest first. */
export const adminExportLogs = stream({
  kind: "stream",
  rest: { method: "GET", path: "/admin/logs/export" },
  summary: {
    zh: "导出任意用户或全部用户的日志文件，最早的在前",
    en: "Export the logs of a user or of all users as a file, oldest first.",
  },
  caller: staff("logs:read", "support", "finance", "admin"),
  input: z.strictObject({ userId: zUserId.optional(), ...exportInput }),
  contentTypes: fileContentTypes,
  refusals: ["USER_NOT_FOUND"],
});
