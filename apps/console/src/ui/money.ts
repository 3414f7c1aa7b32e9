/** Browsers know how many digits people write, which is fewer than ISO 4217 and the providers have for these. */
const digitsByStandard: Readonly<Record<string, number>> = { COP: 2, HUF: 2, IDR: 2 };

/** How many digits after the point a currency has by ISO 4217. */
export const minorDigits = (currency: string): number =>
  digitsByStandard[currency] ??
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ??
  2;

/** Reads an amount that a person typed, exactly: `9.9` is 990 of CNY. @returns undefined for anything else */
export function parseMoney(text: string, currency: string): number | undefined {
  const digits = minorDigits(currency);
  const match = /^(\d{1,12})(?:\.(\d*))?$/.exec(text.trim());
  const fraction = match?.[2] ?? "";
  if (!match || fraction.length > digits) return undefined;
  return Number(`${match[1]}${fraction.padEnd(digits, "0")}`);
}
