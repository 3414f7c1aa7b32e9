/** The offset of local time from UTC before a quarter of an hour, from the one before on. */
export type UtcOffset = { readonly untilQuarter: number; readonly offsetSeconds: number };

/**
 * Which actions have sums of their own: these, 50 at most, or those with most of a count in the range. All others have theirs
 * together, with null as their action.
 */
type NamedActions<Count extends string> = readonly string[] | { readonly most: Count; readonly limit: number };

/** Sums of quarters of an hour by local hours or days. @template Count the counts that can order actions */
export type LocalSumsQuery<Count extends string = string> = {
  /** Numbers of quarters since the epoch, `toQuarter` exclusive. */
  readonly fromQuarter: number;
  readonly toQuarter: number;
  /** Of this action only. */
  readonly action?: string | undefined;
  /** Whether each action has sums of its own. */
  readonly byAction: boolean;
  /** With `byAction`: all actions if left out. Callers choose the names of actions: there can be as many as calls. */
  readonly named?: NamedActions<Count> | undefined;
  /** Reads at most so many sums; more are left out. */
  readonly limit?: number | undefined;
  /** What a local unit is: an hour or a day. */
  readonly unitSeconds: 3_600 | 86_400;
  /** At least one, in order; the last one counts for all later quarters. */
  readonly offsets: readonly UtcOffset[];
};

/** A number of SQL that says to which local hour or day a quarter belongs, and its values. */
type UnitExpression = { readonly sql: string; readonly values: readonly number[] };

/** What differs between the dialects. */
export type UnitDialect = {
  /** A value as an integer of 64 bits. */
  readonly wide: (value: string) => string;
  /** Divides two integers, both positive, and drops the rest. */
  readonly divide: (dividend: string, divisor: number) => string;
};

/** The local hour or day of a quarter, counted from the epoch. Offsets are values, so that statements are few. */
export function unitExpression(
  { unitSeconds, offsets }: Pick<LocalSumsQuery, "unitSeconds" | "offsets">,
  { wide, divide }: UnitDialect,
): UnitExpression {
  const cases = offsets.slice(0, -1);
  const last = offsets.at(-1)?.offsetSeconds ?? 0;
  const whens = cases.map(() => `WHEN quarter < ? THEN ${wide("?")} `).join("");
  const offset = cases.length === 0 ? wide("?") : `CASE ${whens}ELSE ${wide("?")} END`;
  return {
    sql: divide(`(${wide("quarter")} * 900 + ${offset})`, unitSeconds),
    values: [...cases.flatMap(({ untilQuarter, offsetSeconds }) => [untilQuarter, offsetSeconds]), last],
  };
}

/** The condition on quarters and the action, and its values. */
export function sumsCondition({
  fromQuarter,
  toQuarter,
  action,
}: Pick<LocalSumsQuery, "fromQuarter" | "toQuarter" | "action">) {
  const values: readonly (string | number)[] = [fromQuarter, toQuarter, ...(action === undefined ? [] : [action])];
  return { sql: `quarter >= ? AND quarter < ?${action === undefined ? "" : " AND action = ?"}`, values };
}
