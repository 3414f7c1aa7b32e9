import type { Database } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import type { Pricing } from "../billing/pricing/pricing.ts";

/** What reading the account of any user works with. */
export type Deps = {
  readonly ledger: Ledger;
  readonly pricing: Pick<Pricing, "explain">;
  readonly database: Pick<
    Database,
    "balanceAlerts" | "history" | "logs" | "payments" | "reversals" | "totals" | "users"
  >;
};
