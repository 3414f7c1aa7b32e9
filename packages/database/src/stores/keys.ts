import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import type { Records, RecordTransaction, StoredRecord } from "../records/records.ts";
import { type AuditEvent, withAuditEvent } from "./audit-log.ts";
import type { Page } from "./page.ts";
import { live } from "./webhook-endpoints.ts";

/** A service key as stored, which does not contain the secret. */
export type ServiceKey = {
  /** The public part of the key. */
  readonly id: string;
  /** The user on whose behalf it acts. */
  readonly ownerId: UserId;
  readonly name: string;
  readonly scopes: readonly string[];
  /** SHA-256 of the whole key, in hexadecimal digits. */
  readonly secretHash: string;
  /** Of the key before the last rotation, which is valid until `previousUntilMs`. */
  readonly previousHash: string | null;
  readonly previousUntilMs: number | null;
  /** The actor, as in the audit log. */
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  readonly lastUsedAtMs: number | null;
  /** How many credits the key grants in a day (UTC) at most; null for a key that grants by no such limit. */
  readonly grantLimitPerDay: number | null;
};

/** A key to create. */
export type NewServiceKey = Omit<
  ServiceKey,
  "previousHash" | "previousUntilMs" | "revokedAtMs" | "lastUsedAtMs" | "grantLimitPerDay"
> &
  Partial<Pick<ServiceKey, "grantLimitPerDay">>;

/** How many valid keys the owner can have at `nowMs`, the new one included. */
export type LiveLimit = { readonly mostLive: number; readonly nowMs: number };

/** Which keys to list: those that match all of these. */
export type KeyFilter = {
  readonly ownerId?: UserId | undefined;
  readonly isRevoked?: boolean | undefined;
  /** Only keys that expire after this time or never. */
  readonly validAfterMs?: number | undefined;
  /** Only keys that expire at or before this time. */
  readonly expiresUntilMs?: number | undefined;
};

/** What of a key can change besides its secret. */
export type KeyTerms = Pick<ServiceKey, "name" | "scopes" | "expiresAtMs">;

/** A change of a key. `endsEndpoints`: also ends the webhook endpoints that the key created. */
type KeyChange = { readonly from: KeyTerms; readonly to: KeyTerms; readonly endsEndpoints: boolean };

/** Why a key was not created: its owner does not exist, or has as many valid keys as allowed. */
export type KeyRefusal = { code: "USER_NOT_FOUND" } | { code: "KEY_LIMIT_REACHED"; limit: number };

/** Service keys. Every change is written in one transaction with its audit event. */
export type KeyStore = {
  /** The limit holds for concurrent calls of several processes as well. */
  create(key: NewServiceKey, limit: LiveLimit, event: AuditEvent): Promise<Outcome<undefined, KeyRefusal>>;
  /** Those of these ids that exist, revoked and expired ones included. */
  findMany(ids: readonly string[]): Promise<readonly ServiceKey[]>;
  /** Keys that match, newest first. `before`: those after this key in that order. */
  list(filter: KeyFilter, page: Page<Pick<ServiceKey, "createdAtMs" | "id">>): Promise<readonly ServiceKey[]>;
  /**
   * Gives a key a new secret. The present one is valid until `previousUntilMs`, the one before that no longer.
   * @returns false when the key does not exist, is revoked, or was rotated concurrently: read it and try again.
   */
  rotate(id: string, to: { secretHash: string; previousUntilMs: number }, event: AuditEvent): Promise<boolean>;
  /**
   * Changes a key on the condition that it is as in `from`.
   * @returns false when the key does not exist, is revoked, or was changed concurrently: read it and try again.
   */
  change(id: string, change: KeyChange, event: AuditEvent): Promise<boolean>;
  /** Revokes a key, and ends the webhook endpoints that it created. @returns false when the key does not exist or was revoked before */
  revoke(id: string, atMs: number, event: AuditEvent): Promise<boolean>;
  /** Stores when keys were last used, by their ids. */
  recordUses(uses: ReadonlyMap<string, number>): Promise<void>;
};

/** A change was not made: the caller says why by what it returns. */
const unchanged = refuse({ code: "UNCHANGED" });

const changedIf = (isChanged: boolean) => (isChanged ? ok(undefined) : unchanged);

const toColumns = ({ name, scopes, expiresAtMs }: KeyTerms) => ({ name, scopes: scopes.join(" "), expiresAtMs });

/** Ends the webhook endpoints that a key created. */
async function endEndpoints(tx: RecordTransaction, id: string, reason: string): Promise<void> {
  const ownerId = (await tx.get("service_keys", { id }))?.ownerId;
  await tx.update(
    "webhook_endpoints",
    { ownerId, createdBy: `key:${id}`, ...live },
    { set: { state: "ended", reason } },
  );
}

/** Service keys on any database. */
export function createKeyStore(records: Records): KeyStore {
  return {
    create: (key, { mostLive, nowMs }, event) =>
      withAuditEvent(records, event, async (tx): Promise<Outcome<undefined, KeyRefusal>> => {
        // Two transactions that count at the same time would both find room: creating a key locks its owner.
        if (!(await tx.lock("users", { id: key.ownerId }, { deletedAtMs: null }))) {
          return refuse({ code: "USER_NOT_FOUND" });
        }
        const live = {
          ownerId: key.ownerId,
          revokedAtMs: null,
          or: [{ expiresAtMs: null }, { expiresAtMs: { gt: nowMs } }],
        };
        if ((await tx.count("service_keys", live, mostLive)) >= mostLive) {
          return refuse({ code: "KEY_LIMIT_REACHED", limit: mostLive });
        }
        await tx.insert("service_keys", { ...key, scopes: key.scopes.join(" ") });
        return ok(undefined);
      }),

    findMany: async (ids) => {
      const found = await records.list("service_keys", { where: { id: { in: ids } } });
      return found.map(toKey);
    },

    list: async ({ ownerId, isRevoked, validAfterMs, expiresUntilMs }, { limit, before }) => {
      const found = await records.list("service_keys", {
        where: {
          ownerId,
          expiresAtMs: { lte: expiresUntilMs },
          ...(isRevoked !== undefined && { revokedAtMs: isRevoked ? { gte: 0 } : null }),
          ...(validAfterMs !== undefined && { or: [{ expiresAtMs: null }, { expiresAtMs: { gt: validAfterMs } }] }),
        },
        by: ["createdAtMs", "id"],
        direction: "desc",
        after: before && { createdAtMs: before.createdAtMs, id: before.id },
        limit,
      });
      return found.map(toKey);
    },

    rotate: async (id, { secretHash, previousUntilMs }, event) => {
      const outcome = await withAuditEvent(records, event, async (tx) => {
        const key = await tx.get("service_keys", { id });
        if (!key || key.revokedAtMs !== null) return unchanged;
        // Of two concurrent rotations the second would keep a secret as the previous one that no client was given.
        const expected = { secretHash: key.secretHash, revokedAtMs: null };
        const set = { secretHash, previousHash: key.secretHash, previousUntilMs };
        return changedIf(await tx.compareAndSet("service_keys", { id }, { expected, set }));
      });
      return outcome.ok;
    },

    change: async (id, { from, to, endsEndpoints }, event) => {
      // A rotation changes other columns: both take effect, in either order.
      const expected = { ...toColumns(from), revokedAtMs: null };
      const outcome = await withAuditEvent(records, event, async (tx) => {
        if (!(await tx.compareAndSet("service_keys", { id }, { expected, set: toColumns(to) }))) return unchanged;
        if (endsEndpoints) await endEndpoints(tx, id, "its key lost a scope that it needs");
        return ok(undefined);
      });
      return outcome.ok;
    },

    revoke: async (id, atMs, event) => {
      const revoke = { expected: { revokedAtMs: null }, set: { revokedAtMs: atMs } };
      const outcome = await withAuditEvent(records, event, async (tx) => {
        if (!(await tx.compareAndSet("service_keys", { id }, revoke))) return unchanged;
        await endEndpoints(tx, id, "its key was revoked");
        return ok(undefined);
      });
      return outcome.ok;
    },

    recordUses: async (uses) => {
      for (const [id, lastUsedAtMs] of uses) await records.update("service_keys", { id }, { set: { lastUsedAtMs } });
    },
  };
}

/** A stored row as a service key. */
export const toKey = (record: StoredRecord<"service_keys">): ServiceKey => ({
  ...record,
  ownerId: userId(record.ownerId),
  scopes: record.scopes.split(" "),
});
