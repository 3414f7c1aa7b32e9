/** What the health module works with. */
export type Deps = {
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
