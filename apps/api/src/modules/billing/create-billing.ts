import type { Database } from "@jifen/database";
import { developmentSecret } from "../identity/credentials/development-secret.ts";
import type { UserCache } from "../identity/credentials/user-cache.ts";
import { type Catalogues, createCatalogues } from "./catalogue/catalogues.ts";
import { createPricing, type Pricing } from "./pricing/pricing.ts";
import { createUnchargedMeter, type UnchargedMeter } from "./pricing/uncharged-meter.ts";
import { createQuoteTokens, type QuoteTokens } from "./quotes/quote-tokens.ts";
import type { BillingSettings } from "./settings.ts";

/** What billing is built from. */
type Base = {
  readonly settings: BillingSettings & { readonly jwtSecrets: readonly string[]; readonly dataDir: string };
  readonly database: Pick<Database, "catalogues" | "ledger">;
  readonly userCache: Pick<UserCache, "find">;
};

/** What other modules and the procedures of billing use. */
type Billing = {
  readonly catalogues: Catalogues;
  readonly pricing: Pricing;
  readonly quoteTokens: QuoteTokens;
  readonly quoteMinutes: number;
  readonly unchargedMeter: UnchargedMeter;
};

/** Builds what prices are computed with. */
export async function createBilling({ settings, database, userCache }: Base): Promise<Billing> {
  const { arePricesEnforced, quoteMinutes } = settings;
  const [signs = developmentSecret(settings.dataDir), ...verify] = settings.jwtSecrets;
  const catalogues = createCatalogues(database);
  return {
    catalogues,
    pricing: createPricing({ catalogues, userCache, arePricesEnforced }),
    quoteTokens: await createQuoteTokens([signs, ...verify]),
    quoteMinutes,
    unchargedMeter: createUnchargedMeter(),
  };
}
