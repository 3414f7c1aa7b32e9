import type { Database } from "@jifen/database";
import type { Deps } from "../deps.ts";
import type { Actor } from "../modules/audit/audit-event.ts";
import { createUserCache } from "../modules/identity/credentials/user-cache.ts";
import { createIds } from "../values/ids.ts";
import type { CommandSettings } from "./with-database.ts";

/** What commands work with beside the database. */
export type Operator = Pick<Deps, "database" | "userCache" | "newId" | "nowMs" | "publicUrl" | "initialCredits"> & {
  readonly by: Actor;
};

/** Whoever has a shell on the server may do everything; the audit log calls them `operator`. */
export const createOperator = (database: Database, { publicUrl, initialCredits }: CommandSettings): Operator => ({
  database,
  userCache: createUserCache(database.users, new Set()),
  nowMs: Date.now,
  newId: createIds(Date.now),
  publicUrl,
  initialCredits,
  by: { actor: "operator", requestId: null },
});
