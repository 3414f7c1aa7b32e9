import type { DatabaseTarget } from "../url.ts";
import type { SchemaState } from "./schema-state.ts";

/** What can be said of a database without changing it. */
export type Inspection = {
  readonly kind: DatabaseTarget["kind"];
  /** Of the database's own software. */
  readonly version: string;
  readonly schema: SchemaState;
  /** How far its clock is ahead of this machine's, in milliseconds; negative when it is behind. */
  readonly clockAheadMs: number;
  /** What it would acknowledge and can lose: each setting and its mend, one to a line. undefined when it is safe. */
  readonly unsafe: string | undefined;
};
