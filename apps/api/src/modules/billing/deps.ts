import type { Database } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import type { CodeLimits } from "../../http/rate-limits/codes.ts";
import type { NewId } from "../../values/ids.ts";
import type { UserCache } from "../identity/credentials/user-cache.ts";
import type { Catalogues } from "./catalogue/catalogues.ts";
import type { PaymentDeps } from "./payment-deps.ts";
import type { Pricing } from "./pricing/pricing.ts";
import type { QuoteTokens } from "./quotes/quote-tokens.ts";

/** What the use cases about versions of the catalogue work with. */
export type CatalogueDeps = {
  readonly database: Pick<Database, "catalogues" | "ledger">;
  readonly catalogues: Pick<Catalogues, "forget">;
  readonly newId: NewId<"event">;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};

/** What the billing module works with. */
export type Deps = CatalogueDeps & {
  readonly ledger: Pick<Ledger, "balance" | "grant">;
  readonly database: Pick<Database, "catalogues" | "codes" | "ledger" | "statements">;
  readonly catalogues: Catalogues;
  readonly pricing: Pricing;
  readonly quoteTokens: QuoteTokens;
  readonly quoteMinutes: number;
  readonly userCache: Pick<UserCache, "find">;
  readonly codeLimits: CodeLimits;
  /** Whether staff redeems codes that they have made themselves. */
  readonly isSelfGrantAllowed: boolean;
  /** The time zone of months whose request names none. */
  readonly timeZone: string;
  readonly newId: NewId<"batch" | "event" | "grant">;
  /** Of orders and payments. */
  readonly payments: PaymentDeps;
};
