import type { Caller } from "../credentials/caller.ts";
import { endedUntilMs } from "../credentials/clock-tolerance.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "./change-user.ts";

/**
 * How many single sessions a user can end within the lifetime of a token. Each look-up of a user reads all of them, so the
 * next logout ends every session instead.
 */
const MAX_ENDED_TOKENS = 1_000;

type EndDeps = Pick<Deps, "database" | "userCache" | "newId" | "nowMs">;

/** The session to end, and its user. */
type SessionOwner = Pick<Caller, "userId" | "session" | "actor">;

/** Ends one session: immediately in this process, within five seconds in others. */
export async function endSession(deps: EndDeps, owner: SessionOwner, requestId: string): Promise<void> {
  const { database, userCache, nowMs } = deps;
  const { userId, session } = owner;
  const ended = (await userCache.find(userId))?.endedTokens.size ?? 0;
  if (ended >= MAX_ENDED_TOKENS) await endEverySession(deps, owner, requestId);
  else if (session) {
    const { jti, expiresAtMs } = session;
    await database.users.endToken({ userId, jti, expiresAtMs: endedUntilMs(expiresAtMs) }, nowMs());
  }
  userCache.forget(userId);
}

/** Ends every session of a user, who asked for it in person. */
export const endEverySession = (deps: EndDeps, { userId: id, session, actor }: SessionOwner, requestId: string) =>
  changeUser(deps, {
    id,
    set: {},
    endsSessions: true,
    sessionIssuedAtMs: session?.issuedAtMs,
    action: "users.endSessions",
    by: { actor, requestId },
  });
