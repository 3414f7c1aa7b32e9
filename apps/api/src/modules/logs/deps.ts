import type { Database, LogKeeping } from "@jifen/database";
import type { LogLimits } from "../../http/rate-limits/log-bytes.ts";
import type { NewIdAt } from "../../values/ids.ts";
import type { Exports } from "../exports/exports.ts";
import type { NamedUsers } from "../identity/credentials/named-users.ts";
import type { UserCache } from "../identity/credentials/user-cache.ts";
import type { DiskReserve } from "./disk-reserve.ts";
import type { FindFormerLog } from "./find-former-log.ts";
import type { LogMeter } from "./log-meter.ts";
import type { RecordExport } from "./record-export.ts";
import type { RecordReading } from "./record-reading.ts";
import type { Redactor } from "./redaction/redactor.ts";

/** What the logs module works with. */
export type Deps = {
  readonly database: Pick<Database, "history" | "logs" | "spend" | "users">;
  readonly findFormerLog: FindFormerLog;
  readonly recordReading: RecordReading;
  readonly recordExport: RecordExport;
  readonly exports: Pick<Exports, "start">;
  readonly userCache: Pick<UserCache, "find">;
  readonly namedUsers: Pick<NamedUsers, "provision">;
  readonly newIdAt: NewIdAt<"log">;
  /** Its own source, so that ids of one time in a row grow. */
  readonly newArrivalIdAt: NewIdAt<"log">;
  readonly limits: LogLimits;
  readonly diskReserve: DiskReserve;
  readonly redact: Redactor;
  /** The most UTF-8 bytes of the details, as they are stored. */
  readonly logDetailsBytes: number;
  readonly logKeeping: LogKeeping;
  readonly meter: LogMeter;
  /** The time zone of sums whose request names none. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
