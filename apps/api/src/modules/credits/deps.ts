import type { Database } from "@jifen/database";
import type { Ledger } from "@jifen/ledger";
import type { NewId } from "../../values/ids.ts";
import type { UserCache } from "../identity/credentials/user-cache.ts";

/** What the credits module works with. */
export type Deps = {
  readonly ledger: Ledger;
  readonly database: Pick<Database, "history" | "users">;
  readonly userCache: Pick<UserCache, "find">;
  /** Whether staff grants credits to themselves and refunds their own charges in person. */
  readonly isSelfGrantAllowed: boolean;
  readonly newId: NewId<"grant" | "hold">;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
