import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { changeUser } from "../use-cases/change-user.ts";

/** Changes the name of the caller. */
export const rename = (deps: Deps) =>
  implement(operations.auth.rename, async ({ input: { name }, caller: { userId, actor }, requestId }) => {
    const change = {
      id: userId,
      set: { name },
      action: "users.rename",
      details: { name },
      endsSessions: false,
    } as const;
    const changed = await changeUser(deps, { ...change, by: { actor, requestId } });
    const user = changed.ok ? await deps.userCache.find(userId) : undefined;
    // Deleted in this moment.
    if (!user) return refuse({ code: "UNAUTHENTICATED" });
    return ok({ userId, email: user.email, name: user.name });
  });
