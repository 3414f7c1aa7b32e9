import { type Role, type Scope, scopes } from "@jifen/contract";
import type { ServiceKey } from "@jifen/database";
import type { Caller } from "../credentials/caller.ts";

const ofUsers: readonly Scope[] = ["credits:read", "credits:spend", "logs:write", "logs:read"];

/** What the keys of somebody may at most. */
const powers: Readonly<Record<Role, readonly Scope[]>> = {
  user: ofUsers,
  support: [...ofUsers, "users:read"],
  finance: [...ofUsers, "users:read", "credits:refund", "admin"],
  admin: scopes,
};

/** The scopes out of `wanted` that a key of an owner of this role must not have when `maker` makes it. */
export const scopesExceeding = (
  wanted: readonly Scope[],
  { ownerRole, maker }: { readonly ownerRole: Role; readonly maker: Pick<Caller, "role" | "scopes"> },
): readonly Scope[] =>
  wanted.filter(
    (scope) =>
      !powers[ownerRole].includes(scope) ||
      !powers[maker.role].includes(scope) ||
      (maker.scopes !== null && !maker.scopes.has(scope)),
  );

/**
 * Whether `caller` may replace or end a key: it is their own, or they are an admin. Never one that may more than they may:
 * whoever replaces a key has it.
 */
export function mayManage(caller: Pick<Caller, "userId" | "role" | "scopes" | "key">, key: ServiceKey): boolean {
  if (caller.key === null) {
    const mayAsMuch = key.scopes.every((scope) => powers[caller.role].includes(scope as Scope));
    return mayAsMuch && (key.ownerId === caller.userId || caller.role === "admin");
  }
  const { ownerId, expiresAtMs } = caller.key;
  const isNoWeaker = key.scopes.every((scope) => caller.scopes?.has(scope as Scope));
  return key.ownerId === ownerId && isNoWeaker && lastsAsLong(expiresAtMs, key.expiresAtMs);
}

/** Whether what ends at `one` lasts as long as what ends at `other`; null never ends. */
export const lastsAsLong = (one: number | null, other: number | null): boolean =>
  one === null || (other !== null && other <= one);
