import { bilingual, type Refusal, type Scope } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { KeyTerms, ServiceKey } from "@jifen/database";
import { isoTimeOrNull } from "../../../values/iso-time.ts";
import { toAuditEvent } from "../../audit/audit-event.ts";
import type { Principal } from "../credentials/principal.ts";
import { findManagedKey } from "./find-managed-key.ts";
import { isValidAsLongAs } from "./key-permissions.ts";
import type { KeyDeps } from "./rotate-key.ts";

/** How often a change is retried while concurrent changes of the same key win. */
const MAX_ATTEMPTS = 50;

/** Webhook endpoints are created by keys with this scope. */
const ENDPOINT_SCOPE: Scope = "admin";

/** What is to change; what is left out stays. */
type WantedChange = {
  readonly keyId: string;
  readonly name?: string | undefined;
  readonly scopes?: readonly Scope[] | undefined;
  readonly expiresAtMs?: number | undefined;
};

/**
 * Renames a key, takes scopes from it or lets it expire sooner: a change never gives it more. It takes effect immediately
 * in this process and within five seconds in others.
 * Refuses, in this order: KEY_NOT_FOUND, KEY_REVOKED, VALIDATION_FAILED (scopes, expiresAt).
 */
export async function changeKey(
  deps: KeyDeps,
  wanted: WantedChange,
  by: Principal,
): Promise<Outcome<ServiceKey, Refusal<"KEY_NOT_FOUND" | "KEY_REVOKED" | "VALIDATION_FAILED">>> {
  const { keyId } = wanted;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const found = await findManagedKey(deps, by, keyId);
    if (!found.ok) return found;
    const key = found.value;
    const issues = issuesOf(key, wanted, deps.nowMs());
    if (issues.length > 0) return refuse({ code: "VALIDATION_FAILED", issues });
    const to = termsAfter(key, wanted);
    const details = differences(key, to);
    // A repeated request finds the key as it wants it, and the audit log records only what changed.
    if (Object.keys(details).length === 0) return ok(key);
    const event = toAuditEvent(deps, by, { action: "keys.change", subject: `key:${keyId}`, details });
    const endsEndpoints = key.scopes.includes(ENDPOINT_SCOPE) && !to.scopes.includes(ENDPOINT_SCOPE);
    const isChanged = await deps.database.keys.change(keyId, { from: key, to, endsEndpoints }, event);
    deps.keys.forget(keyId);
    if (isChanged) return ok({ ...key, ...to });
  }
  throw new Error(`key ${keyId} was changed concurrently ${MAX_ATTEMPTS} times`);
}

/** What a change would give the key that it does not have. */
function issuesOf(key: KeyTerms, { scopes, expiresAtMs }: WantedChange, nowMs: number) {
  const added = scopes?.filter((scope) => !key.scopes.includes(scope)) ?? [];
  const isLater = expiresAtMs !== undefined && !isValidAsLongAs(key.expiresAtMs, expiresAtMs);
  const isPast = expiresAtMs !== undefined && expiresAtMs !== key.expiresAtMs && expiresAtMs <= nowMs;
  return [
    ...(added.length > 0
      ? [issue("scopes", `密钥没有这些权限：${added.join("、")}`, `the key does not have ${added.join(", ")}`)]
      : []),
    ...(isLater
      ? [issue("expiresAt", "不能晚于密钥现在的到期时间", "must not be later than the expiry of the key now")]
      : []),
    ...(isPast && !isLater ? [issue("expiresAt", "必须晚于现在", "must be in the future")] : []),
  ];
}

const issue = (path: string, zh: string, en: string) => ({ path, message: bilingual({ zh, en }) });

const termsAfter = (key: KeyTerms, { name, scopes: kept, expiresAtMs }: WantedChange): KeyTerms => ({
  name: name ?? key.name,
  scopes: kept ? key.scopes.filter((scope) => kept.some((each) => each === scope)) : key.scopes,
  expiresAtMs: expiresAtMs ?? key.expiresAtMs,
});

/** What differs afterwards, for the audit log. */
const differences = (before: KeyTerms, after: KeyTerms) => ({
  ...(after.name !== before.name && { name: after.name, formerName: before.name }),
  ...(after.scopes.length !== before.scopes.length && { scopes: after.scopes, formerScopes: before.scopes }),
  ...(after.expiresAtMs !== before.expiresAtMs && {
    expiresAt: isoTimeOrNull(after.expiresAtMs),
    formerExpiresAt: isoTimeOrNull(before.expiresAtMs),
  }),
});
