import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { findUser } from "./find-user.ts";
import { toUserOutput } from "./to-user.ts";

/** Reads one user. */
export const find = (deps: Deps) =>
  implement(operations.users.find, async ({ input }) => {
    const found = await findUser(deps, input.userId);
    return found.ok ? ok(toUserOutput(found.value)) : found;
  });
