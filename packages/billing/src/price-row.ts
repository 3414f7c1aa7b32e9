import { type Outcome, ok, refuse } from "@jifen/core";
import type { ActionPrice, Condition, PriceRow } from "./catalogue.ts";
import { decimalOf, type ParamsNotPriced, type ResolvedParams } from "./params.ts";

/** Whether a value meets a condition. */
function meets(condition: Condition, value: string): boolean {
  if (isChoices(condition)) return condition.includes(value);
  const quantity = decimalOf(value);
  const { atLeast, below } = condition;
  return (
    (atLeast === undefined || quantity >= decimalOf(atLeast)) && (below === undefined || quantity < decimalOf(below))
  );
}

/** Whether a condition is a list of choices. */
export const isChoices = (condition: Condition): condition is readonly string[] => Array.isArray(condition);

const meetsAll = (conditions: Readonly<Record<string, Condition>>, params: ResolvedParams): boolean =>
  Object.entries(conditions).every(([name, condition]) => meets(condition, params[name] ?? ""));

/** Whether a combination is one that is not sold. */
export const isClosed = ({ closed }: Pick<ActionPrice, "closed">, params: ResolvedParams): boolean =>
  closed.some((combination) => meetsAll(combination, params));

/** The first row that fits, unless the combination is not sold. */
export const findRow = (price: ActionPrice, params: ResolvedParams): PriceRow | undefined =>
  isClosed(price, params) ? undefined : price.rows.find(({ when = {} }) => meetsAll(when, params));

/**
 * The row of these parameters. Refuses with the last choice that could be another one, and the values that it can have
 * together with the other parameters.
 */
export function rowOf(price: ActionPrice, params: ResolvedParams): Outcome<PriceRow, ParamsNotPriced> {
  const row = findRow(price, params);
  if (row) return ok(row);
  for (const [name, param] of Object.entries(price.params).toReversed()) {
    if (param.kind !== "choice") continue;
    const allowed = param.values.filter((value) => findRow(price, { ...params, [name]: value }));
    if (allowed.length > 0) return refuse({ code: "PARAMS_NOT_PRICED", path: name, allowed });
  }
  return refuse({ code: "PARAMS_NOT_PRICED", path: "", allowed: [] });
}
