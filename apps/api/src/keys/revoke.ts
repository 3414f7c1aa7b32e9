import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/ledger";
import { eventOf } from "../audit-log/event.ts";
import type { Deps } from "../deps.ts";
import { isoTime } from "../iso-time.ts";
import { implement } from "../trpc.ts";
import { managedKey } from "./managed.ts";

/** Ends a key for good. */
export const revoke = (deps: Deps) =>
  implement(operations.keys.revoke, async ({ input: { keyId, reason }, caller, requestId }) => {
    const found = await managedKey(deps, caller, keyId);
    if (!found.ok) return found;
    const revokedAtMs = deps.nowMs();
    const by = { actor: caller.actor, requestId };
    const event = eventOf(deps, by, { action: "keys.revoke", subject: `key:${keyId}`, reason });
    const isRevoked = await deps.database.keys.revoke(keyId, revokedAtMs, event);
    deps.keys.forget(keyId);
    return isRevoked ? ok({ keyId, revokedAt: isoTime(revokedAtMs) }) : refuse({ code: "KEY_REVOKED" });
  });
