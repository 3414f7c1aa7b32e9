import type { Catalogue, Multiplier } from "../catalogue.ts";
import { type Factor, productOf } from "../factor.ts";
import type { Problem } from "./problem.ts";

/** How many multipliers may count for one price. */
const MAX_MULTIPLIERS = 4;

/** Problems of the multipliers: of an action without a price, of an empty range of time, or too many at once. */
export function checkMultipliers({ multipliers, actions }: Catalogue): readonly Problem[] {
  const known = new Set(actions.map(({ action }) => action));
  const single = multipliers.flatMap(({ action, fromMs, toMs }, at): Problem[] => [
    ...(action === undefined || known.has(action)
      ? []
      : [{ path: `multipliers.${at}.action`, problem: "UNKNOWN_ACTION", detail: action } as const]),
    ...(fromMs !== undefined && toMs !== undefined && fromMs >= toMs
      ? [{ path: `multipliers.${at}.to`, problem: "RANGE_EMPTY", detail: String(toMs) } as const]
      : []),
  ]);
  const crowd = multipliers.findIndex((multiplier) => atOnce(multipliers, multiplier).length > MAX_MULTIPLIERS);
  return crowd === -1
    ? single
    : [...single, { path: `multipliers.${crowd}`, problem: "TOO_MANY_MULTIPLIERS", detail: String(MAX_MULTIPLIERS) }];
}

const isSameOrAny = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined || one === other;

/** The multipliers that can count together with this one when it begins to count. */
function atOnce(multipliers: readonly Multiplier[], { action, group, fromMs }: Multiplier): readonly Multiplier[] {
  const from = fromMs ?? Number.NEGATIVE_INFINITY;
  return multipliers.filter(
    (other) =>
      isSameOrAny(other.action, action) &&
      isSameOrAny(other.group, group) &&
      (other.fromMs ?? Number.NEGATIVE_INFINITY) <= from &&
      (other.toMs ?? Number.POSITIVE_INFINITY) > from,
  );
}

/** A factor that no price exceeds: the largest multipliers together. */
export const highestFactor = ({ multipliers }: Pick<Catalogue, "multipliers">): Factor =>
  productOf(
    multipliers
      .filter(({ ppm }) => ppm > 1_000_000)
      .toSorted((one, other) => other.ppm - one.ppm)
      .slice(0, MAX_MULTIPLIERS),
  );
