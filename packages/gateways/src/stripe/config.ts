import { type Currency, currencies } from "@jifen/billing";

/** The settings of a Stripe account. */
export type StripeConfig = {
  /** `sk_live_…`, `sk_test_…`, `rk_live_…` or `rk_test_…`. */
  readonly secretKey: string;
  /** `whsec_…`: several while one is being replaced. At least one. */
  readonly webhookSecrets: readonly string[];
  /** What is sold in; the first is the default. */
  readonly currencies: readonly Currency[];
  /** Whether Stripe computes taxes, which come on top of the price. */
  readonly hasTax: boolean;
  /** Whether Stripe makes and sends an invoice. */
  readonly hasInvoices: boolean;
  /** Another address than Stripe's own, for tests. */
  readonly apiUrl: string | undefined;
};

// Stripe counts some of these in other units than ISO 4217, and wants the last digit of the three-digit ones to be 0.
const notSold: readonly string[] = ["ISK", "HUF", "UGX", "TWD", "BHD", "JOD", "KWD", "OMR", "TND"];

/** The currencies that this channel can sell in: those that Stripe counts in the same minor units. */
export const stripeCurrencies: readonly Currency[] = currencies.filter((each) => !notSold.includes(each));

/** What Stripe charges at least, in minor units; 1 where it names no bound. https://docs.stripe.com/currencies */
const minimums: Readonly<Partial<Record<Currency, number>>> = {
  ...{ AED: 200, AUD: 50, BRL: 50, CAD: 50, CHF: 50, CZK: 1_500, DKK: 250, EUR: 50, GBP: 30, HKD: 400, INR: 50 },
  ...{ JPY: 50, MXN: 1_000, MYR: 200, NOK: 300, NZD: 50, PLN: 200, RON: 200, SEK: 300, SGD: 50, THB: 1_000, USD: 50 },
};

/** The smallest amount in a currency, in minor units. */
export const stripeMinimum = (currency: Currency): number => minimums[currency] ?? 1;

/** Whether real money moves with this key. */
export const isLiveKey = (secretKey: string): boolean => /^[rs]k_live_/.test(secretKey);

/** What is wrong with a secret key; undefined when it has the form of one. */
export const stripeKeyProblem = (secretKey: string): string | undefined =>
  /^[rs]k_(live|test)_\w+$/.test(secretKey) ? undefined : "must begin with sk_live_, sk_test_, rk_live_ or rk_test_";
