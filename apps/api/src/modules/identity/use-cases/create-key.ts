import type { Refusal, Role, Scope } from "@jifen/contract";
import { type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { NewServiceKey } from "@jifen/database";
import { invalidField } from "../../../values/invalid-field.ts";
import { toAuditEvent } from "../../audit/audit-event.ts";
import { ownUserId, type Principal } from "../credentials/principal.ts";
import { newKeyId, newServiceKey } from "../credentials/service-key.ts";
import type { Deps } from "../deps.ts";
import { canManageKeysOf, isValidAsLongAs, lacksKeys, scopesExceeding } from "./key-permissions.ts";

/** How many valid keys one owner can have. */
const MAX_LIVE_KEYS = 50;

/** A key to create. */
export type KeyRequest = {
  /** The principal's own user when left out. */
  readonly ownerId: UserId | undefined;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** null for a key that never expires. */
  readonly expiresAtMs: number | null;
  /** How many credits it grants in a day; given with the scope credits:grant, and only then. */
  readonly grantLimitPerDay?: number | undefined;
};

/** A key that was created. `text` is the secret; only its hash is stored, so it can be shown only now. */
export type CreatedKey = { readonly text: string; readonly key: NewServiceKey };

/**
 * Creates a service key. A key never has more permissions, and is never valid for longer, than its creator and its owner.
 * Refuses, in this order: FORBIDDEN, USER_KEYS_OFF, USER_NOT_FOUND, SCOPE_NOT_GRANTABLE, VALIDATION_FAILED (expiresAt), KEY_LIMIT_REACHED.
 */
export async function createKey(
  deps: Pick<Deps, "database" | "userCache" | "newId" | "nowMs" | "hasUserKeys">,
  { ownerId: requestedOwner, name, scopes, expiresAtMs, grantLimitPerDay }: KeyRequest,
  by: Principal,
): Promise<
  Outcome<
    CreatedKey,
    Refusal<
      | "FORBIDDEN"
      | "USER_KEYS_OFF"
      | "USER_NOT_FOUND"
      | "SCOPE_NOT_GRANTABLE"
      | "VALIDATION_FAILED"
      | "KEY_LIMIT_REACHED"
    >
  >
> {
  const ownerId = requestedOwner ?? ownUserId(by);
  if (ownerId === null) return refuse({ code: "USER_NOT_FOUND" });
  if (!canManageKeysOf(by, ownerId)) return refuse({ code: "FORBIDDEN", roles: ["admin"], scope: null });
  if (lacksKeys(deps, by)) return refuse({ code: "USER_KEYS_OFF" });
  const exceedingOf = ({ role }: { readonly role: Role }) => scopesExceeding(scopes, { ownerRole: role, creator: by });
  // The owner can have a new role that was given at another server.
  const owner = await deps.userCache.find(ownerId, (cached) => exceedingOf(cached).length === 0);
  if (!owner) return refuse({ code: "USER_NOT_FOUND" });
  const exceeding = exceedingOf(owner);
  if (exceeding.length > 0) return refuse({ code: "SCOPE_NOT_GRANTABLE", scopes: exceeding });
  const nowMs = deps.nowMs();
  if (expiresAtMs !== null && expiresAtMs <= nowMs) return expiresInThePast;
  if (by.key && !isValidAsLongAs(by.key.expiresAtMs, expiresAtMs)) return expiresAfterCreator;

  const id = newKeyId();
  const { text, hash } = newServiceKey(id);
  const key = {
    id,
    ownerId,
    name,
    scopes,
    expiresAtMs,
    secretHash: hash,
    createdBy: by.actor,
    createdAtMs: nowMs,
    grantLimitPerDay: grantLimitPerDay ?? null,
  };
  const event = toAuditEvent(deps, by, {
    action: "keys.create",
    subject: `key:${id}`,
    details: { owner: ownerId, name, scopes, grantLimitPerDay },
  });
  const created = await deps.database.keys.create(key, { mostLive: MAX_LIVE_KEYS, nowMs }, event);
  return created.ok ? ok({ text, key }) : created;
}

const expiryIssue = (zh: string, en: string) => invalidField("expiresAt", { zh, en });

const expiresInThePast = expiryIssue("必须晚于现在", "must be in the future");
const expiresAfterCreator = expiryIssue(
  "不能晚于创建它的密钥的到期时间",
  "must not be later than the expiry of the key that creates it",
);
