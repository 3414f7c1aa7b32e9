import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import type { Deps } from "../../../deps.ts";
import { implement } from "../../../trpc/procedure.ts";
import { userNamed } from "./find-user.ts";
import { shownUser } from "./to-user.ts";

/** One user. */
export const find = (deps: Deps) =>
  implement(operations.users.find, async ({ input }) => {
    const found = await userNamed(deps, input.userId);
    return found.ok ? ok(shownUser(found.value)) : found;
  });
