import type { Language } from "@jifen/contract";
import type { Database, WriteProblem } from "@jifen/database";
import type { Logger } from "pino";
import type { JobStatus } from "../jobs/job.ts";
import type { PaymentMeter } from "../modules/billing/gateways/payment-meter.ts";
import type { UnchargedMeter } from "../modules/billing/pricing/uncharged-meter.ts";
import type { LedgerMeter } from "../modules/credits/ledger-meter.ts";
import type { ExportCounts } from "../modules/exports/exports.ts";
import type { Authentication } from "../modules/identity/credentials/authenticate.ts";
import type { NewUserMeter } from "../modules/identity/credentials/new-user-meter.ts";
import type { LogMeter } from "../modules/logs/log-meter.ts";
import type { WebhookMeter } from "../modules/webhooks/webhook-meter.ts";
import type { AdmissionDeps } from "./admission.ts";
import type { CallMeter } from "./calls/call-meter.ts";
import type { ClientAddress } from "./rate-limits/client-address.ts";
import type { RateLimits } from "./rate-limits/rate-limits.ts";
import type { RefusalRecorder } from "./refusals/recorder.ts";

/** What the HTTP server works with, apart from the procedures. */
export type Deps = Authentication &
  AdmissionDeps & {
    readonly database: Pick<
      Database,
      "ping" | "poolUse" | "allAccounts" | "audit" | "logs" | "orders" | "payments" | "reviews" | "spend" | "webhooks"
    >;
    readonly rateLimits: RateLimits;
    readonly clientAddress: ClientAddress;
    /** The address of this server for users, without a trailing slash. */
    readonly publicUrl: () => string;
    /** The same when it is set; otherwise the OpenAPI document names the server that it comes from. */
    readonly configuredUrl: string | undefined;
    /** Origins that browsers may call from; see `parseOriginPattern`. */
    readonly frontendOrigins: readonly string[];
    /** The language of messages to callers that ask for none. */
    readonly messageLanguage: Language;
    /** The bearer token for the metrics; undefined turns /metrics off. */
    readonly metricsToken: string | undefined;
    readonly log: Logger;
    /** Why the database cannot be written; undefined while it can. */
    readonly writeProblem: () => WriteProblem | undefined;
    /** Counts and times calls. */
    readonly callMeter: CallMeter;
    /** Counts refusals and logs some of them. */
    readonly refusalRecorder: RefusalRecorder;
    /** Whether logs are refused to keep the rest of the disk free. */
    readonly areLogsRefused: () => boolean;
    /** How many streams of live events are open. */
    readonly liveSubscribers: () => number;
    /** Counts what is done with logs. */
    readonly logMeter: Pick<LogMeter, "metrics">;
    /** Counts notices, payments and calls of payment providers. */
    readonly paymentMeter: Pick<PaymentMeter, "metrics">;
    /** Counts users that service keys have named and that were created. */
    readonly newUserMeter: Pick<NewUserMeter, "metrics">;
    /** Counts ledger entries. */
    readonly ledgerMeter: Pick<LedgerMeter, "metrics">;
    /** Counts messages to webhook endpoints. */
    readonly webhookMeter: Pick<WebhookMeter, "metrics">;
    /** Counts what captures could not charge. */
    readonly unchargedMeter: Pick<UnchargedMeter, "metrics">;
    /** Whether the server has been asked to stop. */
    readonly isDraining: () => boolean;
    /** Aborted when the server has been asked to stop. */
    readonly stopping: AbortSignal;
    /** Whether users that the settings name are still being created. */
    readonly isStarting: () => boolean;
    /** The files that this process writes, and has written. */
    readonly exportCounts: () => ExportCounts;
    /** The state of the background jobs in this process. */
    readonly jobStatuses: () => readonly JobStatus[];
  };
