import { type Outcome, ok, refuse } from "@jifen/core";
import type { ActionPrice, ChoiceParam, Param, QuantityParam } from "./catalogue.ts";
import { decimalText, type Millionths, parseDecimal, roundUpTo } from "./decimal.ts";

/** Parameters as callers send them. */
export type GivenParams = Readonly<Record<string, unknown>>;

/** Every parameter of an action with its value: choices and quantities as text, quantities rounded up to their step. */
export type ResolvedParams = Readonly<Record<string, string>>;

/** A parameter that the catalogue has no price for: its name, and the values that have one. */
export type ParamsNotPriced = { code: "PARAMS_NOT_PRICED"; path: string; allowed: readonly string[] };

const notPriced = (path: string, allowed: readonly string[]) =>
  refuse<ParamsNotPriced>({ code: "PARAMS_NOT_PRICED", path, allowed });

/** The default of a quantity's `min`. */
const ZERO = "0";
/** The default of a quantity's `step`. */
const ONE = "1";

/** A decimal of the catalogue, which was checked when it was published. @throws RangeError */
export function decimalOf(text: string): Millionths {
  const value = parseDecimal(text);
  if (value === undefined) throw new RangeError(`the catalogue has ${text} where a decimal must be`);
  return value;
}

/** The range and the step of a quantity. */
export const rangeOf = ({ min = ZERO, max, step = ONE }: QuantityParam) => ({
  min: decimalOf(min),
  max: decimalOf(max),
  step: decimalOf(step),
});

/**
 * Gives every parameter of an action its value: the given one, or the default. Refuses the first that the catalogue does not
 * know, that is missing, or whose value is not one of its values.
 */
export function resolveParams(
  { params }: Pick<ActionPrice, "params">,
  given: GivenParams,
): Outcome<ResolvedParams, ParamsNotPriced> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(params, name));
  if (unknown !== undefined) return notPriced(unknown, Object.keys(params));
  const resolved: Record<string, string> = {};
  for (const [name, param] of Object.entries(params)) {
    const value = Object.hasOwn(given, name) ? given[name] : param.default;
    const text = param.kind === "choice" ? readChoice(param, value) : readQuantity(param, value);
    if (text === undefined) return notPriced(name, allowedValues(param));
    resolved[name] = text;
  }
  return ok(resolved);
}

const readChoice = ({ values }: ChoiceParam, value: unknown): string | undefined =>
  typeof value === "string" && values.includes(value) ? value : undefined;

function readQuantity(param: QuantityParam, value: unknown): string | undefined {
  const { min, max, step } = rangeOf(param);
  const quantity = typeof value === "string" || typeof value === "number" ? parseDecimal(value) : undefined;
  if (quantity === undefined || quantity < min || quantity > max) return undefined;
  return decimalText(roundUpTo(quantity, step));
}

/** What a parameter can be, for people: its choices, or its range. */
const allowedValues = (param: Param): readonly string[] =>
  param.kind === "choice" ? param.values : [`${param.min ?? ZERO}…${param.max}`];

/**
 * Replaces what was assumed by what was really used. Only parameters that settle may differ. The work is done already: a
 * quantity outside its range counts as the nearest end of the range, so that it is charged.
 * Refuses: PARAMS_NOT_PRICED, with the parameters that settle when another one is named.
 */
export function withUsage(
  price: Pick<ActionPrice, "params">,
  resolved: ResolvedParams,
  usage: GivenParams,
): Outcome<ResolvedParams, ParamsNotPriced> {
  const settling = Object.keys(price.params).filter((name) => price.params[name]?.settles === true);
  const fixed = Object.keys(usage).find((name) => !settling.includes(name));
  if (fixed !== undefined) return notPriced(fixed, settling);
  const used = Object.entries(usage).map(([name, value]) => [name, withinRange(price.params[name], value)]);
  return resolveParams(price, { ...resolved, ...Object.fromEntries(used) });
}

/** The value, or the nearest end of the range of a quantity. */
function withinRange(param: Param | undefined, value: unknown): unknown {
  if (param?.kind !== "quantity" || (typeof value !== "string" && typeof value !== "number")) return value;
  const quantity = parseDecimal(value);
  const { min, max } = rangeOf(param);
  if (quantity === undefined) return value;
  if (quantity < min) return decimalText(min);
  if (quantity > max) return decimalText(max);
  return decimalText(quantity);
}
