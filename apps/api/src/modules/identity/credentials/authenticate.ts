import { normaliseEmail, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import type { RateLimits } from "../../../http/rate-limits/rate-limits.ts";
import type { Deps } from "../deps.ts";
import type { Caller } from "./caller.ts";
import { looksLikeServiceKey } from "./service-key.ts";
import type { CachedUser } from "./user-cache.ts";

/** What it takes to know who is calling. */
export type Knows = Pick<Deps, "sessions" | "keys" | "userCache"> & {
  readonly rateLimits: Pick<RateLimits, "count">;
  /** Whether the database is known not to answer: a look-up would only wait. */
  readonly isCircuitOpen: () => boolean;
};

/** The headers that say who is calling. */
export type Credentials = {
  readonly authorization: string | undefined;
  /** X-User-Id: a session may only repeat whose it is; a service key that may act for others names one of them. */
  readonly claimedUserId: string | undefined;
};

const invalidToken: Refusal = { code: "UNAUTHENTICATED", reason: "invalid_token" };

/**
 * Who is calling. What a credential is, is told by its shape alone: one that fails is never tried as something else.
 * Refuses, in this order: UNAUTHENTICATED, USER_MISMATCH, USER_NOT_FOUND, ACCOUNT_SUSPENDED.
 */
export async function authenticate(
  knows: Knows,
  { authorization, claimedUserId }: Credentials,
): Promise<Outcome<Caller, Refusal>> {
  const token = /^Bearer +([^\s,]+) *$/i.exec(authorization ?? "")?.[1];
  if (authorization === undefined) return refuse({ code: "UNAUTHENTICATED" });
  if (token === undefined) return refuse(invalidToken);
  const claimed = claimedUserId === undefined ? undefined : normaliseEmail(claimedUserId);
  return looksLikeServiceKey(token) ? byKey(knows, token, claimed) : bySession(knows, token, claimed);
}

async function bySession({ sessions }: Knows, token: string, claimed: string | undefined) {
  const session = await sessions.find(token);
  if (!session) return refuse<Refusal>(invalidToken);
  const { user, jti, expiresAtMs } = session;
  if (claimed !== undefined && claimed !== user.id) return refuse<Refusal>({ code: "USER_MISMATCH" });
  if (user.suspended) return refuse<Refusal>({ code: "ACCOUNT_SUSPENDED" });
  return ok<Caller>({
    userId: user.id,
    isNamed: claimed !== undefined,
    kind: "user",
    role: user.role,
    scopes: null,
    actor: `user:${user.id}`,
    session: { jti, expiresAtMs },
    key: null,
  });
}

async function byKey({ keys, userCache }: Knows, text: string, claimed: string | undefined) {
  const found = await keys.find(text);
  if (!found) return refuse<Refusal>(invalidToken);
  const { key, scopes, owner } = found;
  const isOther = claimed !== undefined && claimed !== owner.id;
  // Only admins give this away; a key does not keep it when its owner no longer is one.
  if (isOther && !(scopes.has("act-as") && owner.role === "admin")) return refuse<Refusal>({ code: "USER_MISMATCH" });
  const subject: CachedUser | undefined = isOther ? await userCache.find(named(claimed)) : owner;
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

/** Nobody is called by nothing. */
const named = (claimed: string): UserId => userId(claimed === "" ? "@" : claimed);
