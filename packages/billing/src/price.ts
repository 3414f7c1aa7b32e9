import { type Credits, credits, MAX_AMOUNT, type Outcome, ok, refuse } from "@jifen/core";
import type { ActionPrice, Catalogue, PriceRow, UnitPrice } from "./catalogue.ts";
import { decimalText, divideUp, type Millionths } from "./decimal.ts";
import { type Factor, type FactorAt, factorOf } from "./factor.ts";
import { decimalOf, type GivenParams, type ParamsNotPriced, type ResolvedParams, resolveParams } from "./params.ts";
import { rowOf } from "./price-row.ts";

/** A part of a price, for people: a quantity at a price of its unit. */
export type PriceLine = {
  /** The name of the quantity, or `base`. */
  readonly what: string;
  readonly quantity: string;
  /** Millionths of a credit for one; null where tiers have different prices. */
  readonly micro: number | null;
  /** A decimal, before the factor and the minimum. */
  readonly credits: string;
};

/** What an action costs. */
export type Price = {
  readonly credits: Credits;
  readonly lines: readonly PriceLine[];
  /** The sum of the lines with the factor, before the rounding and the minimum: a decimal, rounded up to millionths. */
  readonly exact: string;
  /** Whole credits that the price has at least. */
  readonly minimum: number;
  readonly params: ResolvedParams;
};

/** The price is more than one command can take. */
export type PriceTooHigh = { code: "PRICE_TOO_HIGH"; limit: number };

/** The catalogue has no such action. */
export type ActionNotPriced = { code: "ACTION_NOT_PRICED" };

/** Millionths of a credit times millionths of a unit. */
const SCALE = 1_000_000n * 1_000_000n;

/** The action of a catalogue. Refuses: ACTION_NOT_PRICED. */
export function findAction({ actions }: Catalogue, action: string): Outcome<ActionPrice, ActionNotPriced> {
  const found = actions.find((each) => each.action === action);
  return found ? ok(found) : refuse({ code: "ACTION_NOT_PRICED" });
}

/**
 * The price of an action for a user at a time: exact up to one rounding at the end, to the next whole credit.
 * Refuses, in this order: ACTION_NOT_PRICED, PARAMS_NOT_PRICED, PRICE_TOO_HIGH.
 */
export function priceOf(
  catalogue: Catalogue,
  request: FactorAt & { readonly params: GivenParams },
): Outcome<Price & { readonly factor: Factor }, ActionNotPriced | ParamsNotPriced | PriceTooHigh> {
  const action = findAction(catalogue, request.action);
  if (!action.ok) return action;
  const params = resolveParams(action.value, request.params);
  if (!params.ok) return params;
  const factor = factorOf(catalogue, request);
  const price = priceWith(action.value, params.value, factor);
  return price.ok ? ok({ ...price.value, factor }) : price;
}

/** The price of resolved parameters with a factor that was agreed before. Refuses, in this order: PARAMS_NOT_PRICED, PRICE_TOO_HIGH. */
export function priceWith(
  action: ActionPrice,
  params: ResolvedParams,
  factor: Factor,
): Outcome<Price, ParamsNotPriced | PriceTooHigh> {
  const row = rowOf(action, params);
  if (!row.ok) return row;
  const whole = creditsOf(row.value, params, factor);
  if (whole > MAX_AMOUNT) return refuse({ code: "PRICE_TOO_HIGH", limit: MAX_AMOUNT });
  const exact = row.value.free ? 0n : divideUp(valueWith(row.value, params, factor), factor.denominator * 1_000_000n);
  return ok({
    ...{ credits: credits(Number(whole)), lines: linesOf(row.value, params), params },
    ...{ exact: decimalText(exact), minimum: row.value.free ? 0 : (row.value.minimum ?? 0) },
  });
}

/** The value of a row with the factor, whose denominator is still to divide it. */
const valueWith = (row: PriceRow, params: ResolvedParams, { numerator }: Factor): bigint =>
  rowValue(row, params) * numerator;

/** Whole credits of a row: the one place where a price is rounded. */
export function creditsOf(row: PriceRow, params: ResolvedParams, factor: Factor): bigint {
  if (row.free) return 0n;
  const whole = divideUp(valueWith(row, params, factor), SCALE * factor.denominator);
  const minimum = BigInt(row.minimum ?? 0);
  return whole > minimum ? whole : minimum;
}

/** The value of a row in millionths of millionths of a credit. */
export function rowValue({ base = 0, per = [] }: PriceRow, params: ResolvedParams): bigint {
  const ofUnits = per.map((price) => unitsValue(price, decimalOf(params[price.unit] ?? "")));
  return BigInt(base) * 1_000_000n + ofUnits.reduce((sum, each) => sum + each, 0n);
}

function unitsValue(price: UnitPrice, quantity: Millionths): bigint {
  if (!("tiers" in price)) return quantity * BigInt(price.micro);
  if (price.mode === "volume") {
    const tier = price.tiers.find(({ upTo }) => upTo === undefined || quantity <= decimalOf(upTo));
    return quantity * BigInt(tier?.micro ?? 0);
  }
  let [value, from] = [0n, 0n];
  for (const { upTo, micro } of price.tiers) {
    const end = upTo === undefined || decimalOf(upTo) > quantity ? quantity : decimalOf(upTo);
    if (end > from) value += (end - from) * BigInt(micro);
    from = end;
  }
  return value;
}

function linesOf({ base = 0, per = [] }: PriceRow, params: ResolvedParams): readonly PriceLine[] {
  const text = (value: bigint) => decimalText(divideUp(value, 1_000_000n));
  const units = per.map((price): PriceLine => {
    const quantity = params[price.unit] ?? "";
    const value = unitsValue(price, decimalOf(quantity));
    return { what: price.unit, quantity, micro: "tiers" in price ? null : price.micro, credits: text(value) };
  });
  const ofBase = { what: "base", quantity: "1", micro: base, credits: text(BigInt(base) * 1_000_000n) };
  return base === 0 ? units : [ofBase, ...units];
}
