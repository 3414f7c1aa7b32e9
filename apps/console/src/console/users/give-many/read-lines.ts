/** A line that names a user, and an amount of their own if it has one. */
type Line = { readonly userId: string; readonly amount: number | undefined };

/** A line that cannot be used: it is no address, or names a user whom an earlier line names. */
type BadLine = { readonly number: number; readonly text: string; readonly repeats: number | undefined };

/** What was pasted. */
export type Lines = { readonly good: readonly Line[]; readonly bad: readonly BadLine[] };

/** An address, and after a comma, a semicolon, a tab or a space an amount. */
const LINE = /^([^\s,;]+@[^\s,;]+)(?:[\s,;]+([1-9]\d{0,11}))?$/;

/** Reads one user a line. Empty lines do not count. A user who is named twice is never given to twice by mistake. */
export function readLines(text: string): Lines {
  const seen = new Map<string, number>();
  const good: Line[] = [];
  const bad: BadLine[] = [];
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "") continue;
    const [, userId, amount] = LINE.exec(line) ?? [];
    const repeats = userId === undefined ? undefined : seen.get(userId.toLowerCase());
    if (userId === undefined || repeats !== undefined) {
      bad.push({ number: at + 1, text: line, repeats });
      continue;
    }
    seen.set(userId.toLowerCase(), at + 1);
    good.push({ userId, amount: amount === undefined ? undefined : Number(amount) });
  }
  return { good, bad };
}

/** All credits of these lines; undefined while a line needs the amount for all and there is none. */
export function totalOf({ good }: Lines, amountForAll: number | undefined): number | undefined {
  let total = 0;
  for (const { amount = amountForAll } of good) {
    if (amount === undefined) return undefined;
    total += amount;
  }
  return total;
}
