import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";

/** Returns the user that a token belongs to. The response to an invalid token is `valid: false`, without a reason. */
export const verify = ({ sessions }: Deps) =>
  implement(operations.auth.verify, async ({ input }) => {
    const session = await sessions.find(input.token);
    if (!session || session.user.suspended) return ok({ valid: false });
    const { id, email, name } = session.user;
    return ok({ valid: true, userId: id, email, name, expiresAt: new Date(session.expiresAtMs).toISOString() });
  });
