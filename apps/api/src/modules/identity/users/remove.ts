import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { deleteUser } from "../use-cases/delete-user.ts";

/** Deletes a user; the ledger account stays. */
export const remove = (deps: Deps) =>
  implement(operations.users.remove, async ({ input, caller, requestId }) => {
    const deleted = await deleteUser(deps, input, principalOf(caller, requestId));
    if (!deleted.ok) return deleted;
    return ok({ userId: deleted.value.userId, deletedAt: isoTime(deleted.value.deletedAtMs) });
  });
