import { type Role, type Scope, scopes } from "@jifen/contract";
import type { UserId } from "@jifen/core";
import type { ServiceKey } from "@jifen/database";
import { ownUserId, type Principal } from "../credentials/principal.ts";

const userScopes: readonly Scope[] = ["credits:read", "credits:spend", "logs:write", "logs:read"];

/** The scopes that a key of an owner with this role can have. */
const grantableScopes: Readonly<Record<Role, readonly Scope[]>> = {
  user: userScopes,
  support: [...userScopes, "accounts:read", "stats:read", "users:read"],
  finance: [...userScopes, "accounts:read", "stats:read", "users:read", "credits:refund", "credits:grant", "admin"],
  admin: scopes,
};

/** The scopes out of `requested` that the owner's role, the creator's role or the creator's own key do not permit. */
export const scopesExceeding = (
  requested: readonly Scope[],
  { ownerRole, creator }: { readonly ownerRole: Role; readonly creator: Pick<Principal, "role" | "scopes"> },
): readonly Scope[] =>
  requested.filter(
    (scope) =>
      !grantableScopes[ownerRole].includes(scope) ||
      !grantableScopes[creator.role].includes(scope) ||
      (creator.scopes !== null && !creator.scopes.has(scope)),
  );

/** Whether a principal can create and list the keys of every owner: an admin without a key. */
export const canManageAllKeys = ({ role, key }: Principal): boolean => role === "admin" && key === null;

/** Whether a principal can create and list the keys of this owner: its own, or any owner's for an admin without a key. */
export const canManageKeysOf = (principal: Principal, ownerId: UserId): boolean =>
  ownerId === ownUserId(principal) || canManageAllKeys(principal);

/**
 * Whether a principal can neither create nor rotate keys: a user without a role on staff, unless USER_KEYS is on. The keys
 * that such a user has are still listed, revoked and accepted.
 */
export const lacksKeys = (
  { hasUserKeys }: { readonly hasUserKeys: boolean },
  { role }: Pick<Principal, "role">,
): boolean => role === "user" && !hasUserKeys;

/**
 * Whether a principal can rotate or revoke a key: its own, or any key for an admin. Never a key with more permissions than
 * the principal has, because rotating a key reveals its new secret.
 */
export function canManageKey(principal: Principal, key: ServiceKey): boolean {
  if (!canManageKeysOf(principal, key.ownerId)) return false;
  if (principal.key === null) {
    // Stored scopes can be of a newer version: an admin can revoke such a key, other users cannot.
    if (principal.role === "admin") return true;
    return key.scopes.every((scope) => grantableScopes[principal.role].includes(scope as Scope));
  }
  const hasEveryScope = key.scopes.every((scope) => principal.scopes?.has(scope as Scope));
  return hasEveryScope && isValidAsLongAs(principal.key.expiresAtMs, key.expiresAtMs);
}

/** Whether a credential that expires at `one` is valid at least as long as one that expires at `other`; null never expires. */
export const isValidAsLongAs = (one: number | null, other: number | null): boolean =>
  one === null || (other !== null && other <= one);
