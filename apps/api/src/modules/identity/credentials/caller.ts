import type { Access, Role, Scope } from "@jifen/contract";
import type { Holder, UserId } from "@jifen/core";

/** Who is calling, as the credential says. */
export type Caller = {
  /** Whose account it is about. */
  readonly userId: UserId;
  /** Whether X-User-Id named that user; a person may only name themselves. */
  readonly isNamed: boolean;
  /** What kind of credential this is; a hold is resolved by the kind that placed it. */
  readonly kind: Holder;
  /** Of the person behind the credential. */
  readonly role: Role;
  /** What a service key may; null for people, who may what their role may. */
  readonly scopes: ReadonlySet<Scope> | null;
  /** Who answers for it, as the audit log says it: `user:<id>` or `key:<id>`. */
  readonly actor: string;
  /** The session, where it is one. */
  readonly session: { readonly jti: string; readonly expiresAtMs: number } | null;
  /** The service key, where it is one. */
  readonly key: { readonly id: string; readonly ownerId: UserId; readonly expiresAtMs: number | null } | null;
};

/** Whether an operation is open to a caller: the one place that decides. */
export const mayCall = ({ roles, scope }: Access, caller: Pick<Caller, "role" | "scopes">): boolean =>
  roles.includes(caller.role) && (caller.scopes === null || (scope !== null && caller.scopes.has(scope)));
