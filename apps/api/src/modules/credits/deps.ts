import type { Database } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import type { NewId } from "../../values/ids.ts";

/** What the credits module works with. */
export type Deps = {
  readonly ledger: Ledger;
  readonly database: Pick<Database, "history" | "users">;
  readonly newId: NewId<"grant" | "hold">;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
