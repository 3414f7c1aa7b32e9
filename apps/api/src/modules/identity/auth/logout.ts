import { operations } from "@jifen/contract";
import { ok, type UserId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Actor } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "../use-cases/change-user.ts";

/** More than anybody ends one by one, within the life of a session. All that have been ended are looked at with each look-up. */
const MAX_ENDED_ALONE = 1_000;

/** Ends the session it is asked in; all of them, for somebody who has ended that many already. */
export const logout = (deps: Deps) =>
  implement(operations.auth.logout, async ({ caller: { userId, session, actor }, requestId }) => {
    const { database, userCache, nowMs } = deps;
    const ended = (await userCache.find(userId))?.endedTokens.size ?? 0;
    if (ended >= MAX_ENDED_ALONE) await endAll(deps, userId, { actor, requestId });
    else if (session) await database.users.endToken({ userId, ...session }, nowMs());
    userCache.forget(userId);
    return ok({ success: true });
  });

const endAll = (deps: Deps, id: UserId, by: Actor) =>
  changeUser(deps, { id, set: {}, endsSessions: true, action: "users.endSessions", by });

/** Ends every session of whoever asks. */
export const logoutEverywhere = (deps: Deps) =>
  implement(operations.auth.logoutEverywhere, async ({ caller: { userId, actor }, requestId }) => {
    await endAll(deps, userId, { actor, requestId });
    return ok({ success: true });
  });
