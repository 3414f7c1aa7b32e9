import type { Database } from "@jifen/database";
import type { Logger } from "pino";
import type { JobStatus } from "../jobs/job.ts";
import type { Authentication } from "../modules/identity/credentials/authenticate.ts";
import type { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import type { ClientAddress } from "./rate-limits/client-address.ts";
import type { RateLimits } from "./rate-limits/rate-limits.ts";

/** What the HTTP server works with, apart from the procedures. */
export type Deps = Authentication & {
  readonly database: Pick<Database, "ping" | "audit">;
  readonly rateLimits: RateLimits;
  /** Admission control for ledger commands. */
  readonly commandLimiter: ConcurrencyLimiter;
  readonly clientAddress: ClientAddress;
  /** Exact origins that browsers may call from. */
  readonly frontendOrigins: readonly string[];
  /** The bearer token for the metrics; undefined turns /metrics off. */
  readonly metricsToken: string | undefined;
  readonly log: Logger;
  /** Whether the server has been asked to stop. */
  readonly isDraining: () => boolean;
  /** Whether users that the settings name are still being created. */
  readonly isStarting: () => boolean;
  /** The state of the background jobs in this process. */
  readonly jobStatuses: () => readonly JobStatus[];
};
