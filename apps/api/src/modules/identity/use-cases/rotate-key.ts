import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { toAuditEvent } from "../../audit/audit-event.ts";
import type { Principal } from "../credentials/principal.ts";
import { newServiceKey } from "../credentials/service-key.ts";
import type { ServiceKeys } from "../credentials/service-keys.ts";
import type { Deps } from "../deps.ts";
import { findManagedKey } from "./find-managed-key.ts";
import { lacksKeys } from "./key-permissions.ts";

/** How often a rotation is retried while concurrent rotations of the same key win. */
const MAX_ATTEMPTS = 50;

/** What the use cases about an existing key need. */
export type KeyDeps = Pick<Deps, "database" | "newId" | "nowMs"> & { readonly keys: Pick<ServiceKeys, "forget"> };

/** `text` is the new secret; the previous one is valid until `previousUntilMs`. */
type RotatedKey = { readonly text: string; readonly previousUntilMs: number };

/**
 * Replaces the secret of a key; the current one stays valid for `overlapSeconds`.
 * Refuses, in this order: USER_KEYS_OFF, KEY_NOT_FOUND, KEY_REVOKED.
 */
export async function rotateKey(
  deps: KeyDeps & Pick<Deps, "hasUserKeys">,
  { keyId, overlapSeconds }: { readonly keyId: string; readonly overlapSeconds: number },
  by: Principal,
): Promise<Outcome<RotatedKey, Refusal<"USER_KEYS_OFF" | "KEY_NOT_FOUND" | "KEY_REVOKED">>> {
  if (lacksKeys(deps, by)) return refuse({ code: "USER_KEYS_OFF" });
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const found = await findManagedKey(deps, by, keyId);
    if (!found.ok) return found;
    const { text, hash } = newServiceKey(keyId);
    const previousUntilMs = deps.nowMs() + overlapSeconds * 1_000;
    const details = { overlapSeconds };
    const event = toAuditEvent(deps, by, { action: "keys.rotate", subject: `key:${keyId}`, details });
    const isRotated = await deps.database.keys.rotate(keyId, { secretHash: hash, previousUntilMs }, event);
    deps.keys.forget(keyId);
    if (isRotated) return ok({ text, previousUntilMs });
  }
  throw new Error(`key ${keyId} was rotated concurrently ${MAX_ATTEMPTS} times`);
}
