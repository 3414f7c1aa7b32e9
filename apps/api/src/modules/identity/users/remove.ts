import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import { weakenAnother } from "./change.ts";

/** Deletes a user: no credential opens anything any more. The account stays, and nobody else gets its id. */
export const remove = (deps: Deps) =>
  implement(operations.users.remove, async (asked) => {
    const deletedAtMs = deps.nowMs();
    const set = { deletedAtMs, passwordHash: null, name: "" };
    const wish = { ...asked, action: "users.remove", set, endsSessions: true };
    const changed = await weakenAnother(deps, wish);
    return changed.ok ? ok({ userId: changed.value.id, deletedAt: isoTime(deletedAtMs) }) : changed;
  });
