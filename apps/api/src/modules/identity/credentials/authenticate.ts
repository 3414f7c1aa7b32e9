import { normaliseUserId, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import type { RateLimits } from "../../../http/rate-limits/rate-limits.ts";
import { decodeHeaderText } from "../../../values/header-text.ts";
import type { Deps } from "../deps.ts";
import type { Caller } from "./caller.ts";
import { looksLikeServiceKey } from "./service-key.ts";
import type { CachedUser } from "./user-cache.ts";

/** What authenticating a request needs. */
export type Authentication = Pick<Deps, "sessions" | "keys" | "userCache"> & {
  readonly rateLimits: Pick<RateLimits, "count">;
  /** Whether the circuit to the database is open: a look-up would only wait. */
  readonly isCircuitOpen: () => boolean;
};

/** The headers that identify the caller. */
export type Credentials = {
  readonly authorization: string | undefined;
  /** X-User-Id: for a session its own user; for a service key with the scope `act-as` the user to act for. */
  readonly claimedUserId: string | undefined;
};

const invalidToken: Refusal = { code: "UNAUTHENTICATED", reason: "invalid_token" };

/**
 * Authenticates a request. The format of a credential decides its kind: a credential that fails is never tried as another
 * kind.
 * Refuses, in this order: UNAUTHENTICATED, USER_MISMATCH, USER_NOT_FOUND, ACCOUNT_SUSPENDED.
 */
export async function authenticate(
  deps: Authentication,
  { authorization, claimedUserId }: Credentials,
): Promise<Outcome<Caller, Refusal>> {
  const token = /^Bearer +([^\s,]+) *$/i.exec(authorization ?? "")?.[1];
  if (authorization === undefined) return refuse({ code: "UNAUTHENTICATED" });
  if (token === undefined) return refuse(invalidToken);
  const claimed = claimedUserId === undefined ? undefined : normaliseUserId(decodeHeaderText(claimedUserId));
  return looksLikeServiceKey(token) ? authenticateKey(deps, token, claimed) : authenticateSession(deps, token, claimed);
}

async function authenticateSession({ sessions }: Authentication, token: string, claimed: string | undefined) {
  const session = await sessions.find(token);
  if (!session) return refuse<Refusal>(invalidToken);
  const { user, jti, issuedAtMs, expiresAtMs } = session;
  if (claimed !== undefined && claimed !== user.id) return refuse<Refusal>({ code: "USER_MISMATCH" });
  if (user.suspended) return refuse<Refusal>({ code: "ACCOUNT_SUSPENDED" });
  return ok<Caller>({
    userId: user.id,
    isNamed: claimed !== undefined,
    kind: "user",
    role: user.role,
    scopes: null,
    actor: `user:${user.id}`,
    session: { jti, issuedAtMs, expiresAtMs },
    key: null,
  });
}

async function authenticateKey({ keys, userCache }: Authentication, text: string, claimed: string | undefined) {
  const found = await keys.find(text);
  if (!found) return refuse<Refusal>(invalidToken);
  const { key, scopes, owner } = found;
  const isOther = claimed !== undefined && claimed !== owner.id;
  // Only an admin can grant act-as; a key loses it when its owner is no longer an admin.
  const isAdmin = async () => (await userCache.find(owner.id, ({ role }) => role === "admin"))?.role === "admin";
  if (isOther && !(scopes.has("act-as") && (await isAdmin()))) return refuse<Refusal>({ code: "USER_MISMATCH" });
  const subject: CachedUser | undefined = isOther
    ? await userCache.find(toUserId(claimed), (cached) => !cached.suspended)
    : owner;
  if (!subject) return refuse<Refusal>({ code: "USER_NOT_FOUND" });
  if (owner.suspended || subject.suspended) return refuse<Refusal>({ code: "ACCOUNT_SUSPENDED" });
  return ok<Caller>({
    userId: subject.id,
    isNamed: claimed !== undefined,
    kind: "service",
    role: owner.role,
    scopes,
    actor: `key:${key.id}`,
    session: null,
    key: { id: key.id, ownerId: owner.id, expiresAtMs: key.expiresAtMs },
  });
}

/** An empty header is an id that no user has. */
const toUserId = (claimed: string): UserId => userId(claimed === "" ? "@" : claimed);
