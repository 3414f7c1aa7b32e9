import { timingSafeEqual } from "node:crypto";
import type { Scope } from "@jifen/contract";
import type { KeyStore, ServiceKey } from "@jifen/database";
import type { Logger } from "pino";
import { storedScopes } from "../users/stored-names.ts";
import { readServiceKey } from "./service-key.ts";
import { createTtlCache } from "./ttl-cache.ts";
import type { CachedUser, UserCache } from "./user-cache.ts";

/** How often it is written down when keys were last used. */
const NOTED_EVERY_MS = 60_000;

/** A key that is good, and the user whose it is, who may be suspended. */
type GoodKey = { readonly key: ServiceKey; readonly scopes: ReadonlySet<Scope>; readonly owner: CachedUser };

/** Reads service keys and knows their owners. */
export type ServiceKeys = {
  /** undefined when it is no key, not one of ours, revoked, over, replaced, or its owner is gone. */
  find(text: string): Promise<GoodKey | undefined>;
  /** Looks anew next time: something has just been changed here. */
  forget(id: string): void;
  /** Writes down what was used last. */
  close(): Promise<void>;
};

/** What service keys are known by. */
type Knows = {
  readonly store: Pick<KeyStore, "findMany" | "recordUses">;
  readonly users: UserCache;
  readonly nowMs: () => number;
  readonly log: Logger;
};

/** Keys are looked up once in five seconds. When they were last used is written now and then, and never waited for. */
export function createServiceKeys({ store, users, nowMs, log }: Knows): ServiceKeys {
  const known = createTtlCache(
    async (ids: readonly string[]) => new Map((await store.findMany(ids)).map((key) => [key.id, key])),
  );
  let used = new Map<string, number>();
  const recordUses = async () => {
    const uses = used;
    used = new Map();
    if (uses.size > 0)
      await store.recordUses(uses).catch((error) => log.warn({ err: error }, "uses of keys not noted"));
  };
  const timer = setInterval(recordUses, NOTED_EVERY_MS).unref();

  return {
    find: async (text) => {
      const read = readServiceKey(text);
      if (!read) return undefined;
      const key = await known.find(read.id);
      if (!key || !isOpenedBy(key, read.hash, nowMs())) return undefined;
      const owner = await users.find(key.ownerId);
      if (!owner) return undefined;
      used.set(key.id, nowMs());
      return { key, scopes: new Set(storedScopes(key)), owner };
    },
    forget: known.forget,
    close: async () => {
      clearInterval(timer);
      await recordUses();
    },
  };
}

function isOpenedBy(key: ServiceKey, hash: string, nowMs: number): boolean {
  const { revokedAtMs, expiresAtMs, previousHash, previousUntilMs } = key;
  if (revokedAtMs !== null || (expiresAtMs !== null && expiresAtMs <= nowMs)) return false;
  if (isSame(key.secretHash, hash)) return true;
  return previousHash !== null && previousUntilMs !== null && previousUntilMs > nowMs && isSame(previousHash, hash);
}

const isSame = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(one), Buffer.from(other));
