import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { toAuditEvent } from "../../audit/audit-event.ts";
import type { Principal } from "../credentials/principal.ts";
import { findManagedKey } from "./find-managed-key.ts";
import type { KeyDeps } from "./rotate-key.ts";

/**
 * Revokes a key for good, immediately in this process and within five seconds in others.
 * Refuses, in this order: KEY_NOT_FOUND, KEY_REVOKED.
 */
export async function revokeKey(
  deps: KeyDeps,
  { keyId, reason }: { readonly keyId: string; readonly reason?: string | undefined },
  by: Principal,
): Promise<Outcome<{ revokedAtMs: number }, Refusal<"KEY_NOT_FOUND" | "KEY_REVOKED">>> {
  const found = await findManagedKey(deps, by, keyId);
  if (!found.ok) return found;
  const revokedAtMs = deps.nowMs();
  const event = toAuditEvent(deps, by, { action: "keys.revoke", subject: `key:${keyId}`, reason });
  const isRevoked = await deps.database.keys.revoke(keyId, revokedAtMs, event);
  deps.keys.forget(keyId);
  return isRevoked ? ok({ revokedAtMs }) : refuse({ code: "KEY_REVOKED" });
}
