import { operations, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { StrayKey } from "@jifen/database";
import { implement } from "../../../trpc/procedure.ts";
import { toAuditEvent } from "../../audit/audit-event.ts";
import { type Principal, principalOf } from "../../identity/credentials/principal.ts";
import type { PaymentDeps } from "../payment-deps.ts";

type ResolveDeps = Pick<PaymentDeps, "database" | "newId" | "nowMs">;

/** Notes how a stray was dealt with, with the audit event. Refuses: STRAY_NOT_FOUND, also when it is resolved. */
async function resolveStray(
  deps: ResolveDeps,
  { note, ...key }: StrayKey & { readonly note: string },
  by: Principal,
): Promise<Outcome<undefined, Refusal<"STRAY_NOT_FOUND">>> {
  const { strays } = deps.database;
  const stray = await strays.find(key);
  if (!stray) return refuse({ code: "STRAY_NOT_FOUND" });
  const { orderNumber, amountMinor, currency } = stray;
  const details = { ...key, orderNumber, amountMinor, currency };
  const act = { action: "strays.resolve" as const, subject: `channel:${key.channel}`, reason: note, details };
  const resolution = { by: by.actor, atMs: deps.nowMs(), note };
  const isResolved = await strays.resolve(key, resolution, toAuditEvent(deps, by, act));
  return isResolved ? ok(undefined) : refuse({ code: "STRAY_NOT_FOUND" });
}

/** Resolves a stray for the caller. */
export const resolve = (deps: PaymentDeps) =>
  implement(operations.adminStrays.resolve, async ({ input, caller, requestId }) => {
    const resolved = await resolveStray(deps, input, principalOf(caller, requestId));
    return resolved.ok ? ok({ resolved: true as const }) : resolved;
  });
