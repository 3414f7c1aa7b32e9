import { operations } from "@jifen/contract";
import { ok, refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { createUser } from "../use-cases/create-user.ts";
import { makePasswordLink } from "../use-cases/one-time-links.ts";
import { findUser } from "./find-user.ts";
import { toUserOutput } from "./to-user.ts";

/** Makes a user without a password, and the link by which that person sets one. */
export const create = (deps: Deps) =>
  implement(operations.users.create, async ({ input, caller, requestId }) => {
    const { email, name, role } = input;
    if (caller.key !== null && role !== "user") return refuse({ code: "FORBIDDEN", roles: ["admin"], scope: null });
    const person = { email, name, role, passwordHash: null, initialCredits: deps.initialCredits };
    const making = { by: { actor: caller.actor, requestId }, action: "users.create" };
    if (!(await createUser(deps, person, making))) return refuse({ code: "EMAIL_TAKEN" });
    const id = userId(email);
    deps.userCache.forget(id);
    const user = await findUser(deps, id);
    if (!user.ok) return user;
    return ok({ user: toUserOutput(user.value), passwordLink: await makePasswordLink(deps, id) });
  });
