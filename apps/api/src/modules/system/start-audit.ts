import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { toAuditEvent } from "../audit/audit-event.ts";
import type { Deps } from "./deps.ts";
import { toRunning } from "./to-running.ts";

/** Starts an audit of the ledger, and records who asked for it. */
export const startAudit = (deps: Deps) =>
  implement(operations.system.startAudit, async ({ caller, requestId }) => {
    const running = deps.audits.start();
    const act = { action: "system.audit" as const, subject: `audit:${running.id}` };
    await deps.database.auditLog.recordOnce(toAuditEvent(deps, { actor: caller.actor, requestId }, act));
    return ok(toRunning(running));
  });
