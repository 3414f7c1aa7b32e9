/**
 * Exact decimals as whole millionths. Prices, quantities and factors are decimals with at most six digits after the point;
 * a double would not keep 0.1.
 */
const SCALE = 1_000_000n;
const DIGITS = 6;
/** The longest text of a decimal: 12 digits, the point, 6 digits. */
const DECIMAL = /^(\d{1,12})(?:\.(\d{1,6}))?$/;

/** Millionths: 1_500_000n is 1.5. */
export type Millionths = bigint;

/**
 * Reads a decimal that is not negative, from text such as `5.04` or from a number.
 * @returns undefined when it is none, has more than 12 digits before or more than 6 after the point
 */
export function parseDecimal(value: string | number): Millionths | undefined {
  const match = DECIMAL.exec(typeof value === "number" ? numberText(value) : value);
  if (!match) return undefined;
  const [, whole = "", fraction = ""] = match;
  return BigInt(whole) * SCALE + BigInt(fraction.padEnd(DIGITS, "0"));
}

/** Whether a text is a decimal. */
export const isDecimal = (text: string): boolean => parseDecimal(text) !== undefined;

/** The shortest text that reads back as the number. Exponents never match a decimal, except those of small fractions. */
function numberText(value: number): string {
  const text = String(value);
  return /^\d(?:\.\d+)?e-\d$/.test(text) ? value.toFixed(DIGITS + 2).replace(/0+$/, "") : text;
}

/** A decimal as text, without zeros at the end. */
export function decimalText(value: Millionths): string {
  const fraction = (value % SCALE).toString().padStart(DIGITS, "0").replace(/0+$/, "");
  return fraction === "" ? String(value / SCALE) : `${value / SCALE}.${fraction}`;
}

/** The quotient, rounded up. Both are above or equal to zero. */
export const divideUp = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor;

/** The next multiple of `step` that is not below `value`. */
export const roundUpTo = (value: Millionths, step: Millionths): Millionths => divideUp(value, step) * step;
