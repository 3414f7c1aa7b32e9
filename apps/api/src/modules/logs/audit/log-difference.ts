/** What does not agree: sums with their rows, or a key without its log. */
export type LogDifference = {
  readonly kind:
    | "LOG_SUMS"
    | "LOG_TOTALS"
    | "KEY_WITHOUT_LOG"
    | "SPEND_SUMS"
    | "SPEND_TOTALS"
    | "CREDIT_TOTALS"
    | "ACCOUNT_TOTALS";
  /** The user or account; null for the sums of all. */
  readonly owner: string | null;
  /** The quarter of an hour and the action, or the id of the log. */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
};
