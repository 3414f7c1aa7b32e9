import type { Database } from "@jifen/database";
import type { NewId } from "../../values/ids.ts";

/** What the logs module works with. */
export type Deps = {
  readonly database: Pick<Database, "logs">;
  readonly newId: NewId<"log">;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
