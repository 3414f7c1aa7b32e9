import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { changeFor } from "./change.ts";
import { toUserOutput } from "./to-user.ts";

/** Logs somebody out everywhere. */
export const endSessions = (deps: Deps) =>
  implement(operations.users.endSessions, async (asked) => {
    const wish = { ...asked, action: "users.endSessions", set: {}, endsSessions: true };
    const changed = await changeFor(deps, wish);
    return changed.ok ? ok(toUserOutput(changed.value)) : changed;
  });
