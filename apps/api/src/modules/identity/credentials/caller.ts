import type { Access, Role, Scope } from "@jifen/contract";
import type { HolderKind, UserId } from "@jifen/core";
import type { ServiceKey } from "@jifen/database";
import type { BrowserClaims } from "../session/browser-tokens.ts";

/** The caller of a request, as its credential identifies it. */
export type Caller = {
  /** The user whose account the request is about. */
  readonly userId: UserId;
  /** Whether X-User-Id named that user; a session can only name its own user, and that of a browser names none. */
  readonly isNamed: boolean;
  /** Whether this user does not exist yet, and is created by an operation that the caller can call. */
  readonly isNew: boolean;
  /** Whether other users that the request names are created if they do not exist. */
  readonly createsUsers: boolean;
  /** The kind of credential. */
  readonly kind: HolderKind;
  /** The role of the owner of the credential. */
  readonly role: Role;
  /** The scopes of a service key; null for a session, which the role alone limits. */
  readonly scopes: ReadonlySet<Scope> | null;
  /** The actor in the audit log: `user:<id>` or `key:<id>`. */
  readonly actor: string;
  /** null for a service key. A session of a browser expires when its last renewal does. */
  readonly session: { readonly jti: string; readonly issuedAtMs: number; readonly expiresAtMs: number } | null;
  /** The session of a browser; null for every other credential. */
  readonly browser: BrowserClaims | null;
  /** null for a session. */
  readonly key: Pick<ServiceKey, "id" | "ownerId" | "expiresAtMs" | "grantLimitPerDay"> | null;
};

/** Whether a caller can call an operation: the only place that decides. */
export const mayCall = ({ roles, scope, otherScope }: Access, caller: Pick<Caller, "role" | "scopes">): boolean =>
  roles.includes(caller.role) &&
  (caller.scopes === null || [scope, otherScope].some((each) => each && caller.scopes?.has(each)));
