import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { toAuditEvent } from "../../audit/audit-event.ts";
import type { Deps } from "../deps.ts";
import { managedKey } from "./find-managed-key.ts";

/** Ends a key for good. */
export const revoke = (deps: Deps) =>
  implement(operations.keys.revoke, async ({ input: { keyId, reason }, caller, requestId }) => {
    const found = await managedKey(deps, caller, keyId);
    if (!found.ok) return found;
    const revokedAtMs = deps.nowMs();
    const by = { actor: caller.actor, requestId };
    const event = toAuditEvent(deps, by, { action: "keys.revoke", subject: `key:${keyId}`, reason });
    const isRevoked = await deps.database.keys.revoke(keyId, revokedAtMs, event);
    deps.keys.forget(keyId);
    return isRevoked ? ok({ keyId, revokedAt: isoTime(revokedAtMs) }) : refuse({ code: "KEY_REVOKED" });
  });
