import { timingSafeEqual } from "node:crypto";
import type { Scope } from "@jifen/contract";
import type { KeyStore, ServiceKey } from "@jifen/database";
import type { Logger } from "pino";
import { storedScopes } from "../users/stored-names.ts";
import { parseServiceKey } from "./service-key.ts";
import { createTtlCache, type TtlCache } from "./ttl-cache.ts";
import type { CachedUser, UserCache } from "./user-cache.ts";

/** How often the times of last use are stored. */
const RECORD_INTERVAL_MS = 60_000;

/** A valid key and its owner, who can be suspended. */
type ValidKey = { readonly key: ServiceKey; readonly scopes: ReadonlySet<Scope>; readonly owner: CachedUser };

/** Verifies service keys. */
export type ServiceKeys = {
  /** undefined when the text is malformed, or the key is unknown, revoked, expired or replaced, or its owner is deleted. */
  find(text: string): Promise<ValidKey | undefined>;
  /** Removes a key from the cache after it was changed. */
  forget(id: string): void;
  /** Stores the times of last use. */
  close(): Promise<void>;
};

/** What verifying service keys needs. */
type ServiceKeyDeps = {
  readonly store: Pick<KeyStore, "findMany" | "recordUses">;
  readonly users: UserCache;
  readonly nowMs: () => number;
  readonly log: Logger;
  /** How old the keys of the cache can be, if not five seconds. */
  readonly ttlMs?: number;
};

/** Caches service keys for at most five seconds, or for `ttlMs`. */
export const createKeyCache = (store: Pick<KeyStore, "findMany">, ttlMs?: number): TtlCache<string, ServiceKey> =>
  createTtlCache(
    async (ids: readonly string[]) => new Map((await store.findMany(ids)).map((key) => [key.id, key])),
    ttlMs,
  );

/** Verifies service keys against a cache. The times of last use are stored in the background, so no request waits for it. */
export function createServiceKeys({ store, users, nowMs, log, ttlMs }: ServiceKeyDeps): ServiceKeys {
  const cache = createKeyCache(store, ttlMs);
  let used = new Map<string, number>();
  const recordUses = async () => {
    const uses = used;
    used = new Map();
    if (uses.size > 0)
      await store
        .recordUses(uses)
        .catch((error) => log.warn({ err: error }, "times of last use of service keys were not stored"));
  };
  const timer = setInterval(recordUses, RECORD_INTERVAL_MS).unref();

  return {
    find: async (text) => {
      const parsed = parseServiceKey(text);
      if (!parsed) return undefined;
      // The secret can be newer than the cached row: the key was rotated at another server.
      const key = await cache.find(parsed.id, (cached) => isValidSecret(cached, parsed.hash, nowMs()));
      if (!key || !isValidSecret(key, parsed.hash, nowMs())) return undefined;
      const owner = await users.find(key.ownerId, (cached) => !cached.suspended);
      if (!owner) return undefined;
      used.set(key.id, nowMs());
      return { key, scopes: new Set(storedScopes(key)), owner };
    },
    forget: cache.forget,
    close: async () => {
      clearInterval(timer);
      await recordUses();
    },
  };
}

function isValidSecret(key: ServiceKey, hash: string, nowMs: number): boolean {
  const { revokedAtMs, expiresAtMs, previousHash, previousUntilMs } = key;
  if (revokedAtMs !== null || (expiresAtMs !== null && expiresAtMs <= nowMs)) return false;
  if (isSameHash(key.secretHash, hash)) return true;
  return previousHash !== null && previousUntilMs !== null && previousUntilMs > nowMs && isSameHash(previousHash, hash);
}

const isSameHash = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(one), Buffer.from(other));
