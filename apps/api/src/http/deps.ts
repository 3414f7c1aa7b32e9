import type { Database, WriteProblem } from "@jifen/database";
import type { Logger } from "pino";
import type { JobStatus } from "../jobs/job.ts";
import type { Authentication } from "../modules/identity/credentials/authenticate.ts";
import type { AdmissionDeps } from "./admission.ts";
import type { ClientAddress } from "./rate-limits/client-address.ts";
import type { RateLimits } from "./rate-limits/rate-limits.ts";
import type { RefusalRecorder } from "./refusals/recorder.ts";

/** What the HTTP server works with, apart from the procedures. */
export type Deps = Authentication &
  AdmissionDeps & {
    readonly database: Pick<Database, "ping" | "audit">;
    readonly rateLimits: RateLimits;
    readonly clientAddress: ClientAddress;
    /** The address of this server for users, without a trailing slash. */
    readonly publicUrl: () => string;
    /** The same when it is set; otherwise the OpenAPI document names the server that it comes from. */
    readonly configuredUrl: string | undefined;
    /** Origins that browsers may call from; see `parseOriginPattern`. */
    readonly frontendOrigins: readonly string[];
    /** The bearer token for the metrics; undefined turns /metrics off. */
    readonly metricsToken: string | undefined;
    readonly log: Logger;
    /** Why the database cannot be written; undefined while it can. */
    readonly writeProblem: () => WriteProblem | undefined;
    /** Counts refusals and logs some of them. */
    readonly refusalRecorder: RefusalRecorder;
    /** Whether logs are refused to keep the rest of the disk free. */
    readonly areLogsRefused: () => boolean;
    /** Whether the server has been asked to stop. */
    readonly isDraining: () => boolean;
    /** Whether users that the settings name are still being created. */
    readonly isStarting: () => boolean;
    /** The state of the background jobs in this process. */
    readonly jobStatuses: () => readonly JobStatus[];
  };
