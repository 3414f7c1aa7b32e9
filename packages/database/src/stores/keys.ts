import { type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import type { Records, StoredRecord } from "../records/records.ts";
import { type AuditEvent, withAuditEvent } from "./audit-log.ts";
import type { Page } from "./history.ts";

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
};

/** A key to create. */
export type NewServiceKey = Omit<ServiceKey, "previousHash" | "previousUntilMs" | "revokedAtMs" | "lastUsedAtMs">;

/** How many valid keys the owner can have at `nowMs`, the new one included. */
export type LiveLimit = { readonly mostLive: number; readonly nowMs: number };

/** Why a key was not created: its owner does not exist, or has as many valid keys as allowed. */
export type KeyRefusal = { code: "USER_NOT_FOUND" } | { code: "KEY_LIMIT_REACHED"; limit: number };

/** Service keys. Every change is written in one transaction with its audit event. */
export type KeyStore = {
  /** The limit holds for concurrent calls of several processes as well. */
  create(key: NewServiceKey, limit: LiveLimit, event: AuditEvent): Promise<Outcome<undefined, KeyRefusal>>;
  /** Those of these ids that exist, revoked and expired ones included. */
  findMany(ids: readonly string[]): Promise<readonly ServiceKey[]>;
  /** Keys of one owner, or of all, newest first. `before`: those after this key in that order. */
  list(ownerId: UserId | undefined, page: Page<Pick<ServiceKey, "createdAtMs" | "id">>): Promise<readonly ServiceKey[]>;
  /**
   * Gives a key a new secret. The present one is valid until `previousUntilMs`, the one before that no longer.
   * @returns false when the key does not exist, is revoked, or was rotated concurrently: read it and try again.
   */
  rotate(id: string, to: { secretHash: string; previousUntilMs: number }, event: AuditEvent): Promise<boolean>;
  /** @returns false when the key does not exist or was revoked before */
  revoke(id: string, atMs: number, event: AuditEvent): Promise<boolean>;
  /** Stores when keys were last used, by their ids. */
  recordUses(uses: ReadonlyMap<string, number>): Promise<void>;
};

/** A change was not made: the caller says why by what it returns. */
const unchanged = refuse({ code: "UNCHANGED" });

const changedIf = (isChanged: boolean) => (isChanged ? ok(undefined) : unchanged);

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

    list: async (ownerId, { limit, before }) => {
      const found = await records.list("service_keys", {
        where: { ownerId },
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

    revoke: async (id, atMs, event) => {
      const revoke = { expected: { revokedAtMs: null }, set: { revokedAtMs: atMs } };
      const outcome = await withAuditEvent(records, event, async (tx) =>
        changedIf(await tx.compareAndSet("service_keys", { id }, revoke)),
      );
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
