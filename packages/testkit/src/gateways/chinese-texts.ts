/** Fen as the text of an amount in yuan. */
export const yuan = (minor: number): string => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, "0")}`;

/** The text of an amount in yuan as fen; NaN when it is none. */
export const minorOf = (money: string): number =>
  /^\d{1,9}(\.\d{1,2})?$/.test(money) ? Math.round(Number(money) * 100) : Number.NaN;

/** Epoch milliseconds as the time in Beijing. */
export const beijing = (ms: number): string =>
  new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
