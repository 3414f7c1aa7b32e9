import type { Database } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import type { NewId } from "../../values/ids.ts";
import type { Pricing } from "../billing/pricing/pricing.ts";
import type { UnchargedMeter } from "../billing/pricing/uncharged-meter.ts";
import type { QuoteTokens } from "../billing/quotes/quote-tokens.ts";
import type { Exports } from "../exports/exports.ts";
import type { UserCache } from "../identity/credentials/user-cache.ts";

/** What the credits module works with. */
export type Deps = {
  readonly ledger: Ledger;
  readonly database: Pick<Database, "balanceAlerts" | "history" | "users">;
  /** What keys with a daily limit have granted. */
  readonly grantLimits: Pick<Database, "grantDays" | "ledger">;
  readonly spend: Database["spend"];
  readonly userCache: Pick<UserCache, "find">;
  /** Whether staff grants credits to themselves and refunds their own charges in person. */
  readonly isSelfGrantAllowed: boolean;
  /** Below this available balance users are told; undefined: only those who want to. */
  readonly lowBalance: number | undefined;
  readonly pricing: Pricing;
  readonly quoteTokens: Pick<QuoteTokens, "verify">;
  readonly unchargedMeter: Pick<UnchargedMeter, "add">;
  readonly newId: NewId<"grant" | "hold">;
  /** The time zone of ranges and files whose request names none. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};

/** What a grant by hand works with, also on the command line. */
export type GrantDeps = Omit<Deps, "lowBalance" | "pricing" | "quoteTokens" | "spend" | "timeZone" | "unchargedMeter">;

/** What its streams work with. */
export type StreamDeps = Pick<Deps, "ledger" | "database" | "nowMs" | "timeZone"> & {
  readonly exports: Pick<Exports, "start">;
};
