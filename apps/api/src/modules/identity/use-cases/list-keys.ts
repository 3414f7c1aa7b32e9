import { EXPIRING_WITHIN_DAYS, type KeyState, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { KeyFilter, ServiceKey } from "@jifen/database";
import { keyCursor, pageOf } from "../../../values/cursor.ts";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { ownUserId, type Principal } from "../credentials/principal.ts";
import { keyPrefix } from "../credentials/service-key.ts";
import type { Deps } from "../deps.ts";
import { storedScopes } from "../users/stored-names.ts";
import { canManageAllKeys, canManageKeysOf } from "./key-permissions.ts";

/** A page of keys to list. */
type KeyQuery = {
  /** The principal's own user when left out; every owner with `all`, or for the operator. */
  readonly ownerId: UserId | undefined;
  readonly all?: boolean;
  readonly state?: KeyState | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

/** A key as responses show it. */
export type KeyOutput = ReturnType<typeof toKeyOutput>;

/** One page of keys. */
type KeyPage = { readonly items: KeyOutput[]; readonly nextCursor: string | null };

/**
 * Lists service keys, newest first, revoked and expired ones too unless a state is given. Never shows a secret.
 * Refuses, in this order: VALIDATION_FAILED (cursor), FORBIDDEN, USER_NOT_FOUND.
 */
export async function listKeys(
  { database, userCache, nowMs }: Pick<Deps, "database" | "userCache" | "nowMs">,
  { ownerId: requestedOwner, all = false, state, limit, cursor }: KeyQuery,
  by: Principal,
): Promise<Outcome<KeyPage, Refusal<"VALIDATION_FAILED" | "FORBIDDEN" | "USER_NOT_FOUND">>> {
  const before = keyCursor.read(cursor);
  if (!before.ok) return before;
  const ownerId = requestedOwner ?? (all ? null : ownUserId(by));
  const isAllowed = (!all || canManageAllKeys(by)) && (ownerId === null || canManageKeysOf(by, ownerId));
  if (!isAllowed) return refuse({ code: "FORBIDDEN", roles: ["admin"], scope: null });
  if (ownerId !== null) {
    if (!(await userCache.find(ownerId))) return refuse({ code: "USER_NOT_FOUND" });
  }
  const filter = { ownerId: ownerId ?? undefined, ...inState(state, nowMs()) };
  const keys = await database.keys.list(filter, { limit: limit + 1, before: before.value });
  const { page, nextCursor } = pageOf(keys, limit, keyCursor.write);
  return ok({ items: page.map(toKeyOutput), nextCursor });
}

const EXPIRING_WITHIN_MS = EXPIRING_WITHIN_DAYS * 86_400_000;

/** Which keys are in a state at this time. */
function inState(state: KeyState | undefined, nowMs: number): KeyFilter {
  switch (state) {
    case undefined:
      return {};
    case "active":
      return { isRevoked: false, validAfterMs: nowMs };
    case "expiring":
      return { isRevoked: false, validAfterMs: nowMs, expiresUntilMs: nowMs + EXPIRING_WITHIN_MS };
    case "expired":
      return { isRevoked: false, expiresUntilMs: nowMs };
    case "revoked":
      return { isRevoked: true };
    default:
      return state satisfies never;
  }
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
  grantLimitPerDay: key.grantLimitPerDay,
  previousUntil: isoTimeOrNull(key.previousUntilMs),
  revokedAt: isoTimeOrNull(key.revokedAtMs),
  lastUsedAt: isoTimeOrNull(key.lastUsedAtMs),
});
