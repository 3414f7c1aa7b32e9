/** What is wrong with a catalogue. */
export type ProblemCode =
  | "NAME_REPEATED"
  | "NOT_A_DECIMAL"
  | "RANGE_EMPTY"
  | "DEFAULT_NOT_ALLOWED"
  | "PARAMS_TOO_LONG"
  | "UNKNOWN_PARAM"
  | "UNKNOWN_CHOICE"
  | "NOT_A_QUANTITY"
  | "TIERS_NOT_RISING"
  | "COMBINATION_WITHOUT_PRICE"
  | "TOO_MANY_COMBINATIONS"
  | "ROW_NEVER_REACHED"
  | "PRICE_CAN_BE_ZERO"
  | "FREE_WITH_PRICE"
  | "PRICE_TOO_HIGH"
  | "UNKNOWN_ACTION"
  | "TOO_MANY_MULTIPLIERS"
  | "CURRENCY_REPEATED"
  | "TITLE_NOT_ALLOWED";

/** A problem, and where it is: a dotted path. `detail`: the value, name or combination that shows it. */
export type Problem = { readonly path: string; readonly problem: ProblemCode; readonly detail: string };

/** Names that occur more than once. */
export const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, at) => names.indexOf(name) !== at)),
];
