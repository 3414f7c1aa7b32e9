import type { Catalogue } from "@jifen/billing";
import { invariant } from "@jifen/core";
import type { CatalogueVersion, Database } from "@jifen/database";
import { LRUCache } from "lru-cache";
import { readDatabaseClock } from "./database-clock.ts";
import { parseCatalogue } from "./read-catalogue.ts";

/** A version of the catalogue with its document parsed. */
type ParsedCatalogue = {
  readonly version: number;
  readonly effectiveFromMs: number | null;
  readonly catalogue: Catalogue;
};

/** The version in force, if there is one, and the time by the database's clock, epoch milliseconds. */
type InForce = { readonly found: ParsedCatalogue | undefined; readonly nowMs: number };

/** The versions by which prices are computed, kept in memory. */
export type Catalogues = {
  /**
   * What is in force now. Rejects with DatabaseUnavailable when the versions could not be read for so long that another one
   * may be in force.
   */
  inForce(): Promise<InForce>;
  /** A version that a price names. It never changes. */
  version(version: number): Promise<ParsedCatalogue | undefined>;
  /** Reads the versions again at the next call: one of them was changed. */
  forget(): void;
};

/** A version is published at least so long before it is in force, by the database's clock. */
export const LEAD_MS = 60_000;
/** After this time the versions are read again. */
const REREAD_MS = 20_000;
/** Older versions are not used: by then one may be in force that was published after they were read. */
const MAX_AGE_MS = 40_000;
const MAX_PARSED = 50;

/** What was read at a time. The clock of this process may be wrong: the time since then is measured by a steady one. */
type Read = {
  readonly startedAt: number;
  readonly answeredAt: number;
  readonly clockMs: number;
  /** The version in force and those to come, the latest first. */
  readonly versions: readonly CatalogueVersion[];
};

/**
 * Keeps the versions of the catalogue. They are read again when they are used and older than 20 seconds: every server knows
 * of a version before it is in force.
 * @param now a steady clock in milliseconds
 */
export function createCatalogues(
  database: Pick<Database, "catalogues" | "ledger">,
  now: () => number = () => performance.now(),
): Catalogues {
  const parsed = new LRUCache<number, ParsedCatalogue>({ max: MAX_PARSED });
  let last: Read | undefined;
  let reading: Promise<Read> | undefined;
  let forgottenAt = Number.NEGATIVE_INFINITY;

  const parse = (stored: CatalogueVersion): ParsedCatalogue => {
    const known = parsed.get(stored.version);
    if (known?.effectiveFromMs === stored.effectiveFromMs) return known;
    const { version, effectiveFromMs } = stored;
    const result = { version, effectiveFromMs, catalogue: known?.catalogue ?? documentOf(stored) };
    parsed.set(version, result);
    return result;
  };

  const readNow = async (): Promise<Read> => {
    const startedAt = now();
    const clockMs = await readDatabaseClock(database);
    const answeredAt = now();
    const { inForce, upcoming } = await database.catalogues.current(clockMs);
    const read = { startedAt, answeredAt, clockMs, versions: [...upcoming, ...(inForce ? [inForce] : [])] };
    const isNewer = !last || last.startedAt < startedAt;
    if (isNewer && startedAt >= forgottenAt) last = read;
    return read;
  };
  const readOnce = (): Promise<Read> => {
    reading ??= readNow().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const upToDate = async (): Promise<Read> => {
    const ageMs = last ? now() - last.startedAt : Number.POSITIVE_INFINITY;
    if (!last || ageMs >= MAX_AGE_MS) return readOnce();
    // What is known is still true; a read that fails is tried again by the next call.
    if (ageMs >= REREAD_MS) readOnce().catch(() => undefined);
    return last;
  };

  return {
    inForce: async () => {
      const { answeredAt, clockMs, versions } = await upToDate();
      const nowMs = Math.floor(clockMs + now() - answeredAt);
      const stored = versions.find(({ effectiveFromMs }) => effectiveFromMs !== null && effectiveFromMs <= nowMs);
      return { found: stored && parse(stored), nowMs };
    },
    version: async (version) => {
      const known = parsed.get(version);
      if (known) return known;
      const stored = await database.catalogues.find(version);
      return stored && parse(stored);
    },
    forget: () => {
      forgottenAt = now();
      last = undefined;
      reading = undefined;
    },
  };
}

/** @throws InvariantError when the document cannot be read: it could when it was published */
export function documentOf({ version, document }: Pick<CatalogueVersion, "version" | "document">): Catalogue {
  const catalogue = parseCatalogue(JSON.parse(document));
  invariant(catalogue.ok, `version ${version} of the catalogue cannot be read`);
  return catalogue.value;
}
