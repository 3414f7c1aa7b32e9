import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import type { User } from "@jifen/database";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import { findUser } from "./find-user.ts";
import { readBalances } from "./read-balances.ts";
import { toUserOutput } from "./to-user.ts";

/** Reads one user. */
export const find = (deps: Deps) =>
  implement(operations.users.find, async ({ input, caller }) => {
    const found = await findUser(deps, input.userId);
    if (!found.ok) return found;
    const user = found.value;
    const balances = await readBalances(deps, [user.id], { with: input.with, caller });
    if (!balances.ok) return balances;
    return ok({
      ...toUserOutput(deps, user),
      ...balances.value(user.id),
      hasPassword: user.passwordHash !== null,
      signsInBy: signsInBy(user),
      suspension: await readSuspension(deps, user),
    });
  });

function signsInBy({ passwordHash, claim }: User) {
  if (passwordHash !== null) return "password" as const;
  return claim === "open" ? ("link" as const) : ("site" as const);
}

/** When the user was suspended, and who did it and why, from the audit log. */
async function readSuspension({ database }: Deps, { id, suspendedAtMs }: User) {
  if (suspendedAtMs === null) return null;
  const [event] = await database.auditLog.list({ subject: `user:${id}`, action: "users.suspend" }, { limit: 1 });
  return { at: isoTime(suspendedAtMs), by: event?.actor ?? null, reason: event?.reason ?? null };
}
