import { operations } from "@jifen/contract";
import { ok, type UserId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Actor } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "../use-cases/change-user.ts";

/**
 * How many single sessions a user can end within the lifetime of a token. Each look-up of a user reads all of them, so the
 * next logout ends every session instead.
 */
const MAX_ENDED_TOKENS = 1_000;

/** Ends the session of the request. */
export const logout = (deps: Deps) =>
  implement(operations.auth.logout, async ({ caller: { userId, session, actor }, requestId }) => {
    const { database, userCache, nowMs } = deps;
    const ended = (await userCache.find(userId))?.endedTokens.size ?? 0;
    if (ended >= MAX_ENDED_TOKENS) await endEverySession(deps, userId, { actor, requestId });
    else if (session) await database.users.endToken({ userId, ...session }, nowMs());
    userCache.forget(userId);
    return ok({ success: true });
  });

const endEverySession = (deps: Deps, id: UserId, by: Actor) =>
  changeUser(deps, { id, set: {}, endsSessions: true, action: "users.endSessions", by });

/** Ends every session of the caller. */
export const logoutEverywhere = (deps: Deps) =>
  implement(operations.auth.logoutEverywhere, async ({ caller: { userId, actor }, requestId }) => {
    await endEverySession(deps, userId, { actor, requestId });
    return ok({ success: true });
  });
