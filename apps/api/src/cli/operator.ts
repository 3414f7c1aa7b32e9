import type { Database } from "@jifen/database";
import { serverUrl } from "../http/server-url.ts";
import { operatorPrincipal, type Principal } from "../modules/identity/credentials/principal.ts";
import { createKeyCache, type ServiceKeys } from "../modules/identity/credentials/service-keys.ts";
import { createUserCache } from "../modules/identity/credentials/user-cache.ts";
import type { Deps as IdentityDeps } from "../modules/identity/deps.ts";
import { createIds } from "../values/ids.ts";
import type { CommandSettings } from "./with-database.ts";

/** The dependencies of the use cases on the command line. */
export type Operator = Pick<
  IdentityDeps,
  "userCache" | "adminEmails" | "newId" | "nowMs" | "publicUrl" | "initialCredits" | "hasUserKeys"
> & {
  readonly database: Database;
  readonly keys: Pick<ServiceKeys, "forget">;
  readonly rateLimits: Pick<IdentityDeps["rateLimits"], "newUsers">;
  /** Who runs the use cases; the audit log names `operator`. */
  readonly by: Principal;
};

/** Creates the dependencies of the use cases, with the operator's permissions. */
export const createOperator = (
  database: Database,
  { publicUrl, host, port, initialCredits, adminEmails }: CommandSettings,
): Operator => ({
  database,
  userCache: createUserCache(database.users, adminEmails),
  adminEmails,
  keys: createKeyCache(database.keys),
  // The limit is one of service keys.
  rateLimits: { newUsers: { take: async () => undefined } },
  nowMs: Date.now,
  newId: createIds(Date.now),
  publicUrl: () => publicUrl ?? serverUrl({ host, port }),
  initialCredits,
  // The operator decides: the setting limits callers of the server.
  hasUserKeys: true,
  by: operatorPrincipal,
});
