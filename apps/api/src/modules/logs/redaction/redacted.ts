/** A value in which something was redacted. */
export type Redacted<Value = unknown> = {
  readonly value: Value;
  /** How many places were redacted. */
  readonly places: number;
};

/** What is stored in place of a secret. */
export const REDACTED = "[redacted]";
