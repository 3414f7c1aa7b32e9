import * as admin from "./admin.ts";
import { adminExportLogs, exportLogs } from "./export.ts";
import { batch } from "./log-batch.ts";
import { create, find, list } from "./logs.ts";
import { adminStats, stats } from "./stats.ts";

/** The operations on call logs, by noun and verb. */
export const logsOperations = {
  adminLogs: { find: admin.find, list: admin.list, stats: adminStats },
  logs: { batch, create, find, list, stats },
} as const;

/** The streams of call logs, by noun and verb. */
export const logsStreams = {
  adminLogs: { export: adminExportLogs },
  logs: { export: exportLogs },
} as const;
