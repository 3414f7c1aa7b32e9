import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { ServiceKey } from "@jifen/database";
import { keyCursor, pageOf } from "../../../values/cursor.ts";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { ownUserId, type Principal } from "../credentials/principal.ts";
import { keyPrefix } from "../credentials/service-key.ts";
import type { Deps } from "../deps.ts";
import { storedScopes } from "../users/stored-names.ts";
import { canManageKeysOf } from "./key-permissions.ts";

/** A page of keys to list. */
type KeyQuery = {
  /** The principal's own user when left out; every owner for the operator. */
  readonly ownerId: UserId | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
};

/** A key as responses show it. */
export type KeyOutput = ReturnType<typeof toKeyOutput>;

/** One page of keys. */
type KeyPage = { readonly items: KeyOutput[]; readonly nextCursor: string | null };

/**
 * Lists service keys, newest first, revoked and expired ones too. Never shows a secret.
 * Refuses, in this order: VALIDATION_FAILED (cursor), FORBIDDEN, USER_NOT_FOUND.
 */
export async function listKeys(
  { database, userCache }: Pick<Deps, "database" | "userCache">,
  { ownerId: requestedOwner, limit, cursor }: KeyQuery,
  by: Principal,
): Promise<Outcome<KeyPage, Refusal<"VALIDATION_FAILED" | "FORBIDDEN" | "USER_NOT_FOUND">>> {
  const before = keyCursor.read(cursor);
  if (!before.ok) return before;
  const ownerId = requestedOwner ?? ownUserId(by);
  if (ownerId !== null) {
    if (!canManageKeysOf(by, ownerId)) return refuse({ code: "FORBIDDEN", roles: ["admin"], scope: null });
    if (!(await userCache.find(ownerId))) return refuse({ code: "USER_NOT_FOUND" });
  }
  const keys = await database.keys.list(ownerId ?? undefined, { limit: limit + 1, before: before.value });
  const { page, nextCursor } = pageOf(keys, limit, keyCursor.write);
  return ok({ items: page.map(toKeyOutput), nextCursor });
}

const toKeyOutput = (key: ServiceKey) => ({
  keyId: key.id,
  prefix: keyPrefix(key.id),
  name: key.name,
  scopes: storedScopes(key),
  ownerId: key.ownerId,
  createdBy: key.createdBy,
  createdAt: isoTime(key.createdAtMs),
  expiresAt: isoTimeOrNull(key.expiresAtMs),
  previousUntil: isoTimeOrNull(key.previousUntilMs),
  revokedAt: isoTimeOrNull(key.revokedAtMs),
  lastUsedAt: isoTimeOrNull(key.lastUsedAtMs),
});
