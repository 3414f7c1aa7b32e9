import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { weakenAnother } from "./change.ts";
import { toUserOutput } from "./to-user.ts";

/** Nothing can be done by this user any more; sessions end. */
export const suspend = (deps: Deps) =>
  implement(operations.users.suspend, async (asked) => {
    const set = { suspendedAtMs: deps.nowMs() };
    const wish = { ...asked, action: "users.suspend", set, endsSessions: true };
    const changed = await weakenAnother(deps, wish);
    return changed.ok ? ok(toUserOutput(changed.value)) : changed;
  });
