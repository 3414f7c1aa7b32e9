import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { changeAnother } from "./change.ts";
import { toUserOutput } from "./to-user.ts";

/** The end of a suspension. Sessions that ended stay ended. */
export const resume = (deps: Deps) =>
  implement(operations.users.resume, async (asked) => {
    const set = { suspendedAtMs: null };
    const wish = { ...asked, action: "users.resume", set, endsSessions: false };
    const changed = await changeAnother(deps, wish);
    return changed.ok ? ok(toUserOutput(changed.value)) : changed;
  });
