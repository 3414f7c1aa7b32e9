import type { ActionPrice, Condition, Param, QuantityParam } from "../catalogue.ts";
import { decimalText, type Millionths, roundUpTo } from "../decimal.ts";
import { decimalOf, type ResolvedParams, rangeOf } from "../params.ts";
import { isChoices } from "../price-row.ts";

/** How many combinations one action may have. */
export const MAX_COMBINATIONS = 100_000;

/**
 * One value for every way in which a parameter can meet the conditions of the rows and the tiers: each choice, and of a
 * quantity the smallest value of each range that its bounds cut.
 */
export function valuesToTry(price: ActionPrice): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(price.params).map(([name, param]) => [name, valuesOfParam(price, name, param)]);
  return Object.fromEntries(entries);
}

const valuesOfParam = (price: ActionPrice, name: string, param: Param): readonly string[] =>
  param.kind === "choice" ? param.values : quantitiesToTry(param, boundsOf(price, name));

function quantitiesToTry(param: QuantityParam, bounds: readonly Millionths[]): readonly string[] {
  const { min, max, step } = rangeOf(param);
  const starts = [min, ...bounds.filter((bound) => bound > min)].map((bound) => roundUpTo(bound, step));
  return [...new Set(starts.filter((start) => start <= max).map(decimalText))];
}

/** Where the price of a quantity can change: the bounds of conditions, and just above the end of a tier. */
function boundsOf({ rows }: ActionPrice, name: string): readonly Millionths[] {
  const ofConditions = rows.flatMap(({ when = {} }) => {
    const condition: Condition | undefined = when[name];
    if (!condition || isChoices(condition)) return [];
    return [condition.atLeast, condition.below].flatMap((text) => (text === undefined ? [] : [decimalOf(text)]));
  });
  const ofTiers = rows.flatMap(({ per = [] }) =>
    per.flatMap((price) =>
      price.unit === name && "tiers" in price
        ? price.tiers.flatMap(({ upTo }) => (upTo === undefined ? [] : [decimalOf(upTo) + 1n]))
        : [],
    ),
  );
  return [...ofConditions, ...ofTiers];
}

/** How many combinations these values have. */
export const countCombinations = (values: Readonly<Record<string, readonly string[]>>): number =>
  Object.values(values).reduce((product, each) => product * each.length, 1);

/** Every combination of the values. */
export function* combinations(values: Readonly<Record<string, readonly string[]>>): Generator<ResolvedParams> {
  const [first, ...others] = Object.entries(values);
  if (!first) {
    yield {};
    return;
  }
  const [name, own] = first;
  for (const value of own) {
    for (const rest of combinations(Object.fromEntries(others))) yield { [name]: value, ...rest };
  }
}
