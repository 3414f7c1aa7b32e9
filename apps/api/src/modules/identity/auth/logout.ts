import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Caller } from "../credentials/caller.ts";
import { endedUntilMs } from "../credentials/clock-tolerance.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "../use-cases/change-user.ts";

/**
 * How many single sessions a user can end within the lifetime of a token. Each look-up of a user reads all of them, so the
 * next logout ends every session instead.
 */
const MAX_ENDED_TOKENS = 1_000;

/** Ends the session of the request. */
export const logout = (deps: Deps) =>
  implement(operations.auth.logout, async ({ caller, requestId }) => {
    const { database, userCache, nowMs } = deps;
    const { userId, session } = caller;
    const ended = (await userCache.find(userId))?.endedTokens.size ?? 0;
    if (ended >= MAX_ENDED_TOKENS) await endEverySession(deps, caller, requestId);
    else if (session) {
      const { jti, expiresAtMs } = session;
      await database.users.endToken({ userId, jti, expiresAtMs: endedUntilMs(expiresAtMs) }, nowMs());
    }
    userCache.forget(userId);
    return ok({ success: true });
  });

const endEverySession = (deps: Deps, { userId: id, session, actor }: Caller, requestId: string) =>
  changeUser(deps, {
    id,
    set: {},
    endsSessions: true,
    sessionIssuedAtMs: session?.issuedAtMs,
    action: "users.endSessions",
    by: { actor, requestId },
  });

/** Ends every session of the caller. */
export const logoutEverywhere = (deps: Deps) =>
  implement(operations.auth.logoutEverywhere, async ({ caller, requestId }) => {
    await endEverySession(deps, caller, requestId);
    return ok({ success: true });
  });
