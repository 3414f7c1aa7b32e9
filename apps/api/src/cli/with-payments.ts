import type { Database } from "@jifen/database";
import { pino } from "pino";
import { createPayments } from "../modules/billing/create-payments.ts";
import type { PaymentDeps } from "../modules/billing/payment-deps.ts";
import { openLedger } from "../modules/credits/open-ledger.ts";
import { suspendForDispute } from "../modules/identity/use-cases/suspend-for-dispute.ts";
import type { Settings } from "../settings/settings.ts";
import { createOperator, type Operator } from "./operator.ts";
import { serverSettings, withDatabase } from "./with-database.ts";

/** What the work about payments gets. */
type PaymentWork = (parts: {
  readonly payments: PaymentDeps;
  readonly operator: Operator;
  readonly database: Database;
  readonly settings: Settings;
}) => Promise<void>;

/** The operator decides how many orders there can be. */
const unlimited: PaymentDeps["orderLimits"] = {
  take: async () => ({ retryAfterSeconds: undefined }),
  takeNotice: async () => true,
};

/** Opens the database and the payment channels of the server's settings, and always closes them; see `withDatabase`. */
export const withPayments = (work: PaymentWork): Promise<void> =>
  withDatabase(async (database, commandSettings) => {
    const settings = serverSettings();
    const operator = createOperator(database, commandSettings);
    const { newId, nowMs, publicUrl } = operator;
    const payments = await createPayments({
      ...{ settings, database, newId, nowMs, publicUrl, orderLimits: unlimited },
      ...{ ledger: openLedger(database, newId), log: pino({ level: "silent" }) },
      suspendForDispute: suspendForDispute(operator),
    });
    try {
      await work({ payments: { ...payments.deps, isSelfGrantAllowed: true }, operator, database, settings });
    } finally {
      await payments.close();
    }
  });
