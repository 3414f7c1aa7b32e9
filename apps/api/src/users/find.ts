import { operations } from "@jifen/contract";
import { ok } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { implement } from "../trpc.ts";
import { shownUser } from "./shown.ts";
import { userNamed } from "./target.ts";

/** One user. */
export const find = (deps: Deps) =>
  implement(operations.users.find, async ({ input }) => {
    const found = await userNamed(deps, input.userId);
    return found.ok ? ok(shownUser(found.value)) : found;
  });
