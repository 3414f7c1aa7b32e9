import type { Catalogue, Multiplier } from "./catalogue.ts";

/** What all multipliers of a price are together: an exact fraction. */
export type Factor = { readonly numerator: bigint; readonly denominator: bigint };

/** Whose price it is, of what, and when. */
export type FactorAt = { readonly action: string; readonly group: string; readonly nowMs: number };

const MILLION = 1_000_000n;

/** Price as it is in the catalogue. */
export const noFactor: Factor = { numerator: 1n, denominator: 1n };

/** Whether a multiplier counts. */
const applies = (multiplier: Multiplier, { action, group, nowMs }: FactorAt): boolean =>
  (multiplier.action === undefined || multiplier.action === action) &&
  (multiplier.group === undefined || multiplier.group === group) &&
  (multiplier.fromMs === undefined || nowMs >= multiplier.fromMs) &&
  (multiplier.toMs === undefined || nowMs < multiplier.toMs);

/** The product of the multipliers that count. */
export const factorOf = ({ multipliers }: Pick<Catalogue, "multipliers">, at: FactorAt): Factor =>
  productOf(multipliers.filter((multiplier) => applies(multiplier, at)));

/** The product of multipliers. */
export const productOf = (multipliers: readonly Pick<Multiplier, "ppm">[]): Factor =>
  multipliers.reduce(
    ({ numerator, denominator }, { ppm }) => ({
      numerator: numerator * BigInt(ppm),
      denominator: denominator * MILLION,
    }),
    noFactor,
  );

/** A factor as an exact decimal text, such as `0.45`: it is stored with what was priced. */
export function factorText({ numerator, denominator }: Factor): string {
  const digits = denominator.toString().length - 1;
  const fraction = (numerator % denominator).toString().padStart(digits, "0").replace(/0+$/, "");
  return fraction === "" ? String(numerator / denominator) : `${numerator / denominator}.${fraction}`;
}

/** Reads what `factorText` wrote. @throws RangeError when it is something else */
export function parseFactor(text: string): Factor {
  const match = /^(\d{1,9})(?:\.(\d{1,24}))?$/.exec(text);
  if (!match) throw new RangeError(`${text} is no factor of a price`);
  const [, whole = "", fraction = ""] = match;
  return { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) };
}
