import type { Database } from "@jifen/database";
import type { LogLimits } from "../../http/rate-limits/log-bytes.ts";
import type { NewIdAt } from "../../values/ids.ts";
import type { DiskReserve } from "./disk-reserve.ts";
import type { Redactor } from "./redaction/redactor.ts";

/** What the logs module works with. */
export type Deps = {
  readonly database: Pick<Database, "logs">;
  readonly newIdAt: NewIdAt<"log">;
  readonly limits: LogLimits;
  readonly diskReserve: DiskReserve;
  readonly redact: Redactor;
  /** The most UTF-8 bytes of the details, as they are stored. */
  readonly logDetailsBytes: number;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
