import { operations } from "@jifen/contract";
import { ok, type UserId } from "@jifen/core";
import type { Procedures } from "../../../trpc/procedure.ts";
import { implement } from "../../../trpc/procedure.ts";
import { isoTimeOrNull } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";

type AlertDeps = Pick<Deps, "database" | "lowBalance">;

/** The thresholds of a user, and whether the balance is low. */
async function readAlert({ database, lowBalance }: AlertDeps, user: UserId) {
  const { threshold, lowSinceMs } = await database.balanceAlerts.find(user);
  return { threshold, installationThreshold: lowBalance ?? null, lowSince: isoTimeOrNull(lowSinceMs) };
}

const find = (deps: AlertDeps) =>
  implement(operations.balanceAlerts.find, async ({ caller }) => ok(await readAlert(deps, caller.userId)));

const set = (deps: AlertDeps) =>
  implement(operations.balanceAlerts.set, async ({ input, caller }) => {
    await deps.database.balanceAlerts.set(caller.userId, input.threshold ?? null);
    return ok(await readAlert(deps, caller.userId));
  });

/** Procedures about the threshold below which a balance is low. */
export const balanceAlertProcedures = (deps: AlertDeps): Procedures["balanceAlerts"] => ({
  find: find(deps),
  set: set(deps),
});
