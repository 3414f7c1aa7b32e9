import { operations } from "@jifen/contract";
import { ok } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { changeUser } from "../identity/change-user.ts";
import { implement } from "../trpc.ts";

/** Ends the session it is asked in. */
export const logout = ({ database, users, nowMs }: Deps) =>
  implement(operations.auth.logout, async ({ caller: { userId, session } }) => {
    if (session) await database.users.endToken({ userId, ...session }, nowMs());
    users.forget(userId);
    return ok({ success: true });
  });

/** Ends every session of whoever asks. */
export const logoutEverywhere = (deps: Deps) =>
  implement(operations.auth.logoutEverywhere, async ({ caller: { userId, actor }, requestId }) => {
    const by = { actor, requestId };
    await changeUser(deps, { id: userId, set: {}, endsSessions: true, action: "users.endSessions", by });
    return ok({ success: true });
  });
