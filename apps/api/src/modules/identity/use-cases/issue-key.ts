import type { Scope } from "@jifen/contract";
import { type Outcome, ok, type UserId } from "@jifen/core";
import type { KeyRefusal, NewServiceKey } from "@jifen/database";
import { type Actor, toAuditEvent } from "../../audit/audit-event.ts";
import { newKeyId, newServiceKey } from "../credentials/service-key.ts";
import type { Deps } from "../deps.ts";

/** What it takes to make and replace keys. */
type Makes = Pick<Deps, "database" | "newId" | "nowMs">;

/** A key that is wanted. Whether it may be made has been decided. */
export type WantedKey = {
  readonly ownerId: UserId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAtMs: number | null;
};

/** How many keys that open something one owner may have. */
const MAX_LIVE_KEYS = 50;
/** How often a rotation begins anew when others of the same key are faster. */
const ATTEMPTS = 50;

/** Makes a key. `text` is for its owner's eyes, once. Refuses, in this order: USER_NOT_FOUND, KEY_LIMIT_REACHED. */
export async function issueKey(
  deps: Makes,
  wanted: WantedKey,
  by: Actor,
): Promise<Outcome<{ readonly text: string; readonly key: NewServiceKey }, KeyRefusal>> {
  const id = newKeyId();
  const { text, hash } = newServiceKey(id);
  const nowMs = deps.nowMs();
  const key = { id, ...wanted, secretHash: hash, createdBy: by.actor, createdAtMs: nowMs };
  const { ownerId: owner, name, scopes } = wanted;
  const event = toAuditEvent(deps, by, {
    action: "keys.create",
    subject: `key:${id}`,
    details: { owner, name, scopes },
  });
  const made = await deps.database.keys.create(key, { mostLive: MAX_LIVE_KEYS, nowMs }, event);
  return made.ok ? ok({ text, key }) : made;
}

/**
 * Gives a key another secret; the one it has works `overlapSeconds` longer.
 * @returns undefined when there is no such key any more.
 */
export async function rotateKey(
  deps: Makes,
  { id, overlapSeconds }: { readonly id: string; readonly overlapSeconds: number },
  by: Actor,
): Promise<{ readonly text: string; readonly previousUntilMs: number } | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { text, hash } = newServiceKey(id);
    const previousUntilMs = deps.nowMs() + overlapSeconds * 1_000;
    const event = toAuditEvent(deps, by, { action: "keys.rotate", subject: `key:${id}`, details: { overlapSeconds } });
    if (await deps.database.keys.rotate(id, { secretHash: hash, previousUntilMs }, event)) {
      return { text, previousUntilMs };
    }
    const [key] = await deps.database.keys.findMany([id]);
    if (!key || key.revokedAtMs !== null) return undefined;
  }
  throw new Error(`key ${id} is being rotated by too many at once`);
}
