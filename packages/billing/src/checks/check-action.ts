import { MAX_AMOUNT } from "@jifen/core";
import type { ActionPrice, Condition, PriceRow, UnitPrice } from "../catalogue.ts";
import { isDecimal } from "../decimal.ts";
import type { Factor } from "../factor.ts";
import type { ResolvedParams } from "../params.ts";
import { creditsOf, rowValue } from "../price.ts";
import { findRow, isChoices, isClosed } from "../price-row.ts";
import { checkParams } from "./check-params.ts";
import { combinations, countCombinations, MAX_COMBINATIONS, valuesToTry } from "./combinations.ts";
import type { Problem, ProblemCode } from "./problem.ts";

/**
 * Problems of the price of an action: what could be refused, cost nothing, or cost more than a command can take once it is
 * published. @param highest the largest factor that multipliers can have together
 */
export function checkAction(price: ActionPrice, path: string, highest: Factor): readonly Problem[] {
  const ofParams = checkParams(price.params, `${path}.params`);
  if (ofParams.length > 0) return ofParams;
  const ofParts = [
    ...price.rows.flatMap((row, at) => checkRow(price, row, `${path}.rows.${at}`)),
    ...price.closed.flatMap((when, at) => checkConditions(price, when, `${path}.closed.${at}`)),
  ];
  // The prices are only evaluated once everything that they name exists.
  return ofParts.length > 0 ? ofParts : checkPrices(price, path, highest);
}

function checkRow(price: ActionPrice, { when = {}, per = [], ...row }: PriceRow, path: string): readonly Problem[] {
  const hasPrice = per.length > 0 || row.base !== undefined || row.minimum !== undefined;
  return [
    ...checkConditions(price, when, `${path}.when`),
    ...per.flatMap((unitPrice, at) => checkUnitPrice(price, unitPrice, `${path}.per.${at}`)),
    ...(row.free && hasPrice ? [{ path, problem: "FREE_WITH_PRICE", detail: "free" } as const] : []),
  ];
}

const checkConditions = (
  { params }: ActionPrice,
  conditions: Readonly<Record<string, Condition>>,
  path: string,
): readonly Problem[] =>
  Object.entries(conditions).flatMap(([name, condition]): Problem[] => {
    const at = (problem: ProblemCode, detail: string): Problem => ({ path: `${path}.${name}`, problem, detail });
    const param = params[name];
    if (!param) return [at("UNKNOWN_PARAM", name)];
    if (isChoices(condition)) {
      if (param.kind === "quantity") return [at("NOT_A_DECIMAL", condition.join(", "))];
      return condition.filter((value) => !param.values.includes(value)).map((value) => at("UNKNOWN_CHOICE", value));
    }
    if (param.kind === "choice") return [at("NOT_A_QUANTITY", name)];
    return [condition.atLeast, condition.below].flatMap((text) =>
      text === undefined || isDecimal(text) ? [] : [at("NOT_A_DECIMAL", text)],
    );
  });

function checkUnitPrice({ params }: ActionPrice, price: UnitPrice, path: string): readonly Problem[] {
  const param = params[price.unit];
  if (!param) return [{ path: `${path}.unit`, problem: "UNKNOWN_PARAM", detail: price.unit }];
  if (param.kind === "choice") return [{ path: `${path}.unit`, problem: "NOT_A_QUANTITY", detail: price.unit }];
  if (!("tiers" in price)) return [];
  const ends = price.tiers.map(({ upTo }) => upTo);
  const wrong = ends.find((end) => end !== undefined && !isDecimal(end));
  if (wrong !== undefined) return [{ path: `${path}.tiers`, problem: "NOT_A_DECIMAL", detail: wrong }];
  // Only the last tier has no end.
  const isRising = ends.every((end, at) =>
    at === ends.length - 1
      ? end === undefined
      : end !== undefined && Number(end) > Number(at === 0 ? 0 : (ends[at - 1] ?? 0)),
  );
  return isRising ? [] : [{ path: `${path}.tiers`, problem: "TIERS_NOT_RISING", detail: ends.join(", ") }];
}

function checkPrices(price: ActionPrice, path: string, highest: Factor): readonly Problem[] {
  const values = valuesToTry(price);
  const count = countCombinations(values);
  if (count > MAX_COMBINATIONS) return [{ path, problem: "TOO_MANY_COMBINATIONS", detail: String(count) }];
  const reached = new Set<PriceRow>();
  const zero = new Set<PriceRow>();
  let missing: ResolvedParams | undefined;
  for (const params of combinations(values)) {
    const row = findRow(price, params);
    if (!row && !isClosed(price, params)) missing ??= params;
    if (!row) continue;
    reached.add(row);
    if (!row.free && !row.minimum && rowValue(row, params) === 0n) zero.add(row);
  }
  const rows = price.rows.flatMap((row, at): Problem[] => {
    const problem = rowProblem({ isReached: reached.has(row), canBeZero: zero.has(row) });
    return problem ? [{ path: `${path}.rows.${at}`, problem, detail: String(at) }] : [];
  });
  const ofMissing = missing && { path, problem: "COMBINATION_WITHOUT_PRICE" as const, detail: textOf(missing) };
  return [...(ofMissing ? [ofMissing] : []), ...rows, ...checkHighest(price, path, highest)];
}

function rowProblem({
  isReached,
  canBeZero,
}: {
  readonly isReached: boolean;
  readonly canBeZero: boolean;
}): ProblemCode | undefined {
  if (!isReached) return "ROW_NEVER_REACHED";
  return canBeZero ? "PRICE_CAN_BE_ZERO" : undefined;
}

/** Each row at its largest quantities: no price falls while a quantity rises within `graduated` tiers or without tiers. */
function checkHighest(price: ActionPrice, path: string, highest: Factor): readonly Problem[] {
  const largest = Object.fromEntries(
    Object.entries(price.params).flatMap(([name, param]) =>
      param.kind === "quantity" ? [[name, param.max] as const] : [],
    ),
  );
  return price.rows.flatMap((row, at): Problem[] => {
    const credits = creditsOf(atHighestTiers(row), largest, highest);
    return credits > BigInt(MAX_AMOUNT)
      ? [{ path: `${path}.rows.${at}`, problem: "PRICE_TOO_HIGH", detail: String(credits) }]
      : [];
  });
}

/** The row with the highest price of each unit: with tiers by volume a smaller quantity can cost more. */
const atHighestTiers = (row: PriceRow): PriceRow => ({
  ...row,
  per: (row.per ?? []).map((price) =>
    "tiers" in price ? { unit: price.unit, micro: Math.max(...price.tiers.map(({ micro }) => micro)) } : price,
  ),
});

const textOf = (params: ResolvedParams): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
