import type { Database } from "@jifen/database";
import type { Actor } from "../modules/audit/audit-event.ts";
import { createUserCache } from "../modules/identity/credentials/user-cache.ts";
import type { Deps as IdentityDeps } from "../modules/identity/deps.ts";
import { createIds } from "../values/ids.ts";
import type { CommandSettings } from "./with-database.ts";

/** What commands work with beside the database. */
export type Operator = Pick<IdentityDeps, "userCache" | "newId" | "nowMs" | "publicUrl" | "initialCredits"> & {
  readonly database: Database;
  readonly by: Actor;
};

/** Whoever has a shell on the server may do everything; the audit log calls them `operator`. */
export const createOperator = (
  database: Database,
  { publicUrl, initialCredits, adminEmails }: CommandSettings,
): Operator => ({
  database,
  userCache: createUserCache(database.users, adminEmails),
  nowMs: Date.now,
  newId: createIds(Date.now),
  publicUrl,
  initialCredits,
  by: { actor: "operator", requestId: null },
});
