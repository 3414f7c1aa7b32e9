import type { Database, Outstanding } from "@jifen/database";

/** What the numbers of the installation are read from. */
export type Deps = {
  readonly database: Pick<Database, "logs" | "spend" | "allAccounts" | "users">;
  /** What all accounts have, at most ten seconds ago. */
  readonly outstanding: () => Promise<Outstanding>;
  /** The time zone of ranges whose request names none. */
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
