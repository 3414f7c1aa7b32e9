import type { Database } from "@jifen/database";
import type { Settings } from "../../settings/settings.ts";
import { createIdsAt } from "../../values/ids.ts";
import type { AuditEventDeps } from "../audit/deps.ts";
import type { Deps } from "./deps.ts";
import { createFindFormerLog } from "./find-former-log.ts";
import { createRecordExport } from "./record-export.ts";
import { createRecordReading } from "./record-reading.ts";
import { createRedactor, keepDetails } from "./redaction/redactor.ts";

/** What the logs module is built from. */
type LogsParts = AuditEventDeps &
  Pick<Deps, "limits" | "diskReserve" | "userCache" | "namedUsers" | "exports" | "meter"> & {
    readonly settings: Settings;
    readonly database: Database;
  };

/** Builds the dependencies of the logs module. */
export const createLogs = ({ settings, database, newId, nowMs, ...parts }: LogsParts): Deps => ({
  ...parts,
  database,
  nowMs,
  newIdAt: createIdsAt(),
  newArrivalIdAt: createIdsAt(),
  redact: settings.logRedaction ? createRedactor(settings.logRedaction.extraNames) : keepDetails,
  logDetailsBytes: settings.logDetailsBytes,
  logKeeping: settings.logKeeping,
  timeZone: settings.timeZone,
  findFormerLog: createFindFormerLog(database),
  recordReading: createRecordReading({ database, nowMs }),
  recordExport: createRecordExport({ database, newId, nowMs }),
});
