import { normaliseUserId, type Refusal, zProvidedUserId } from "@jifen/contract";
import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import { fieldIssues } from "../../../http/error-response.ts";
import type { RateLimits } from "../../../http/rate-limits/rate-limits.ts";
import { decodeHeaderText } from "../../../values/header-text.ts";
import type { Deps } from "../deps.ts";
import type { BrowserSessions } from "../session/browser-sessions.ts";
import type { Caller } from "./caller.ts";
import { type NamedUsers, readCreateUser } from "./named-users.ts";
import { looksLikeServiceKey } from "./service-key.ts";
import type { Session } from "./sessions.ts";
import type { CachedUser } from "./user-cache.ts";

/** What authenticating a request needs. */
export type Authentication = Pick<Deps, "sessions" | "keys" | "userCache"> & {
  readonly browserSessions: Pick<BrowserSessions, "find" | "cookie">;
  readonly rateLimits: Pick<RateLimits, "count">;
  readonly namedUsers: NamedUsers;
  /** Whether the circuit to the database is open: a look-up would only wait. */
  readonly isCircuitOpen: () => boolean;
};

/** The headers that identify the caller. */
export type Credentials = {
  readonly authorization: string | undefined;
  /** X-User-Id: for a session its own user; for a service key with the scope `act-as` the user to act for. */
  readonly claimedUserId: string | undefined;
  /** X-Create-User: whether a service key creates the users that it names and that do not exist. */
  readonly createUser?: string | undefined;
  /** The token in the session cookie, where that cookie counts. */
  readonly sessionCookie?: string | undefined;
};

const invalidToken: Refusal = { code: "UNAUTHENTICATED", reason: "invalid_token" };

/**
 * Authenticates a request. The format of a credential decides its kind: a credential that fails is never tried as another
 * kind.
 * Refuses, in this order: UNAUTHENTICATED, what X-Create-User is refused for, USER_MISMATCH, USER_NOT_FOUND or
 * VALIDATION_FAILED (the id of a user to create), ACCOUNT_SUSPENDED.
 */
export async function authenticate(
  deps: Authentication,
  { authorization, claimedUserId, createUser, sessionCookie }: Credentials,
): Promise<Outcome<Caller, Refusal>> {
  const claimed = claimedUserId === undefined ? undefined : normaliseUserId(decodeHeaderText(claimedUserId));
  if (authorization === undefined) {
    if (sessionCookie === undefined) return refuse({ code: "UNAUTHENTICATED" });
    const browser = await deps.browserSessions.find(sessionCookie);
    return browser
      ? sessionCaller({ ...browser, expiresAtMs: browser.endsAtMs, browser }, claimed)
      : refuse(invalidToken);
  }
  const token = /^Bearer +([^\s,]+) *$/i.exec(authorization)?.[1];
  if (token === undefined) return refuse(invalidToken);
  return looksLikeServiceKey(token)
    ? authenticateKey(deps, token, { claimed, createUser })
    : authenticateSession(deps, token, claimed);
}

async function authenticateSession({ sessions }: Authentication, token: string, claimed: string | undefined) {
  const session = await sessions.find(token);
  return session ? sessionCaller({ ...session, browser: null }, claimed) : refuse<Refusal>(invalidToken);
}

type CallerSession = Session & Pick<Caller, "browser">;

/** The caller of a session. Refuses, in this order: USER_MISMATCH, ACCOUNT_SUSPENDED. */
export function sessionCaller(
  { user, jti, issuedAtMs, expiresAtMs, browser }: CallerSession,
  claimed: string | undefined,
): Outcome<Caller, Refusal> {
  if (claimed !== undefined && claimed !== user.id) return refuse<Refusal>({ code: "USER_MISMATCH" });
  if (user.suspended) return refuse<Refusal>({ code: "ACCOUNT_SUSPENDED" });
  return ok<Caller>({
    userId: user.id,
    // A page says whose data it shows; that does not limit what staff asks for in it.
    isNamed: browser === null && claimed !== undefined,
    isNew: false,
    createsUsers: false,
    kind: "user",
    role: user.role,
    scopes: null,
    actor: `user:${user.id}`,
    session: { jti, issuedAtMs, expiresAtMs },
    browser,
    key: null,
  });
}

type Naming = { readonly claimed: string | undefined; readonly createUser: string | undefined };

async function authenticateKey(deps: Authentication, text: string, { claimed, createUser }: Naming) {
  const { keys, userCache } = deps;
  const found = await keys.find(text);
  if (!found) return refuse<Refusal>(invalidToken);
  const { key, scopes, owner } = found;
  const creates = readCreateUser(createUser, scopes, deps.namedUsers);
  if (!creates.ok) return creates;
  const isOther = claimed !== undefined && claimed !== owner.id;
  // Only an admin can grant act-as; a key loses it when its owner is no longer an admin.
  const isAdmin = async () => (await userCache.find(owner.id, ({ role }) => role === "admin"))?.role === "admin";
  if (isOther && !(scopes.has("act-as") && (await isAdmin()))) return refuse<Refusal>({ code: "USER_MISMATCH" });
  const subject = isOther ? await findNamed(userCache, claimed, creates.value) : ok(owner);
  if (!subject.ok) return subject;
  if (owner.suspended || subject.value.suspended) return refuse<Refusal>({ code: "ACCOUNT_SUSPENDED" });
  return ok<Caller>({
    userId: subject.value.id,
    isNamed: claimed !== undefined,
    isNew: "isNew" in subject.value,
    createsUsers: creates.value,
    kind: "service",
    role: owner.role,
    scopes,
    actor: `key:${key.id}`,
    session: null,
    browser: null,
    key: {
      ...{ id: key.id, ownerId: owner.id },
      ...{ expiresAtMs: key.expiresAtMs, grantLimitPerDay: key.grantLimitPerDay },
    },
  });
}

/** A user whom the request is about. One that is new has no row yet. */
type Named = Pick<CachedUser, "id" | "suspended"> & { readonly isNew?: true };

/** The user that a key names. Refuses: USER_NOT_FOUND, or VALIDATION_FAILED where a user with this id would be created. */
async function findNamed(
  userCache: Authentication["userCache"],
  claimed: string,
  creates: boolean,
): Promise<Outcome<Named, Refusal>> {
  const id = toUserId(claimed);
  const user = await userCache.find(id, (cached) => !cached.suspended);
  if (user) return ok({ id, suspended: user.suspended });
  if (!creates) return refuse<Refusal>({ code: "USER_NOT_FOUND" });
  const parsed = zProvidedUserId.safeParse(claimed);
  if (parsed.success) return ok({ id, suspended: false, isNew: true });
  const issues = fieldIssues(parsed.error).map(({ message }) => ({ path: "X-User-Id", message }));
  return refuse<Refusal>({ code: "VALIDATION_FAILED", issues });
}

/** An empty header is an id that no user has. */
const toUserId = (claimed: string): UserId => userId(claimed === "" ? "@" : claimed);
