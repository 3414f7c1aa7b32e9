import type { Database } from "@jifen/database";
import type { Logger } from "pino";
import { housekeepingJob } from "./jobs/housekeeping.ts";
import type { Job } from "./jobs/job.ts";
import { creditClaimsJob } from "./modules/billing/jobs.ts";
import type { PaymentDeps } from "./modules/billing/payment-deps.ts";
import { reconcileJob } from "./modules/billing/payments/jobs.ts";
import { recentNoticesJob, reversalsJob } from "./modules/billing/reversals/jobs.ts";
import { lowBalancePolicy } from "./modules/credits/alerts/low-balance-policy.ts";
import { expirationsJob } from "./modules/credits/jobs.ts";
import type { openLedger } from "./modules/credits/open-ledger.ts";
import { feedSpendJob } from "./modules/logs/feed-spend.ts";
import { isPartitioned, logMonthsJob, moveFormerLogsJob } from "./modules/logs/jobs.ts";
import type { LogMeter } from "./modules/logs/log-meter.ts";
import { removeExpiredJob } from "./modules/logs/remove-expired.ts";
import type { Deps as WebhooksDeps } from "./modules/webhooks/deps.ts";
import { deliverJob, removeOldDeliveriesJob } from "./modules/webhooks/jobs.ts";
import type { Settings } from "./settings/settings.ts";
import type { NewId } from "./values/ids.ts";

/** What the jobs work with. */
type JobParts = {
  readonly settings: Pick<Settings, "autoMigrate" | "gatewayRate" | "logKeeping" | "lowBalance" | "webhookRetentionMs">;
  readonly database: Database;
  readonly ledger: ReturnType<typeof openLedger>;
  readonly logMeter: LogMeter;
  readonly payments: PaymentDeps;
  readonly webhooks: WebhooksDeps;
  readonly newId: NewId;
  readonly nowMs: () => number;
  readonly log: Logger;
};

/** Every background job of the server. */
export function backgroundJobs(parts: JobParts): readonly Job[] {
  const { settings, database, ledger, logMeter, payments, webhooks, newId, nowMs, log } = parts;
  const { autoMigrate, gatewayRate, logKeeping: keeping } = settings;
  return [
    expirationsJob({ ledger, log }),
    deliverJob(webhooks),
    removeOldDeliveriesJob(webhooks, settings.webhookRetentionMs),
    creditClaimsJob({ database, ledger, nowMs, log }),
    housekeepingJob(database, nowMs),
    moveFormerLogsJob(database, nowMs),
    feedSpendJob(database, lowBalancePolicy(settings.lowBalance, newId)),
    reconcileJob(payments, gatewayRate),
    reversalsJob(payments),
    recentNoticesJob(payments),
    removeExpiredJob({
      ...{ database, keeping, nowMs, meter: logMeter },
      removesLogs: autoMigrate || !isPartitioned(database),
    }),
    // Without the right to migrate there may be none to make partitions either: jifen logs partitions does it.
    ...(autoMigrate ? [logMonthsJob(database, nowMs)] : []),
  ];
}
