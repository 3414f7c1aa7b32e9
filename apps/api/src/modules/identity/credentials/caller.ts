import type { Access, Role, Scope } from "@jifen/contract";
import type { HolderKind, UserId } from "@jifen/core";

/** The caller of a request, as its credential identifies it. */
export type Caller = {
  /** The user whose account the request is about. */
  readonly userId: UserId;
  /** Whether X-User-Id named that user; a session can only name its own user. */
  readonly isNamed: boolean;
  /** The kind of credential. */
  readonly kind: HolderKind;
  /** The role of the owner of the credential. */
  readonly role: Role;
  /** The scopes of a service key; null for a session, which the role alone limits. */
  readonly scopes: ReadonlySet<Scope> | null;
  /** The actor in the audit log: `user:<id>` or `key:<id>`. */
  readonly actor: string;
  /** null for a service key. */
  readonly session: { readonly jti: string; readonly issuedAtMs: number; readonly expiresAtMs: number } | null;
  /** null for a session. */
  readonly key: { readonly id: string; readonly ownerId: UserId; readonly expiresAtMs: number | null } | null;
};

/** Whether a caller can call an operation: the only place that decides. */
export const mayCall = ({ roles, scope }: Access, caller: Pick<Caller, "role" | "scopes">): boolean =>
  roles.includes(caller.role) && (caller.scopes === null || (scope !== null && caller.scopes.has(scope)));
