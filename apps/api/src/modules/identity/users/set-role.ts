import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { changeAnother, weakenAnother } from "./change.ts";
import { toUserOutput } from "./to-user.ts";

/** What somebody may from now on. Nobody gives up their own role. */
export const setRole = (deps: Deps) =>
  implement(operations.users.setRole, async (asked) => {
    const { role } = asked.input;
    const change = role === "admin" ? changeAnother : weakenAnother;
    const wish = {
      action: "users.setRole",
      set: { role },
      details: { role },
      endsSessions: false,
      weakens: role !== "admin",
    };
    const changed = await change(deps, { ...asked, ...wish });
    return changed.ok ? ok(toUserOutput(changed.value)) : changed;
  });
