import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";

/** Returns the user that the credential belongs to. */
export const me = ({ userCache }: Deps) =>
  implement(operations.auth.me, async ({ caller }) => {
    const user = await userCache.find(caller.userId);
    if (!user) return refuse({ code: "UNAUTHENTICATED" });
    const { id, email, name } = user;
    return ok({ userId: id, email, name, role: caller.kind === "user" ? caller.role : user.role });
  });
