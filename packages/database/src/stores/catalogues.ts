import { type Outcome, ok, refuse } from "@jifen/core";
import { DuplicateKey, type Records, type RecordTransaction, type StoredRecord } from "../records/records.ts";
import type { AuditEvent } from "./audit-log.ts";
import type { Page } from "./page.ts";

/** A version is a draft until it is published; one that is withdrawn is never in force. */
export type CatalogueState = "draft" | "published" | "withdrawn";

/** A version of the catalogue as stored. */
export type CatalogueVersion = {
  /** 1, 2, 3 … in the order in which they were made. */
  readonly version: number;
  readonly state: CatalogueState;
  /** From when it is in force, by the database's clock; null until it is published. */
  readonly effectiveFromMs: number | null;
  /** JSON text. It never changes. */
  readonly document: string;
  readonly note: string | null;
  /** Actors, as in the audit log. */
  readonly madeBy: string;
  readonly madeAtMs: number;
  readonly publishedBy: string | null;
  readonly publishedAtMs: number | null;
};

/** A version to make. */
export type NewCatalogue = Pick<CatalogueVersion, "document" | "note" | "madeBy" | "madeAtMs">;

/** The event of a change, by the version that is changed. */
type EventOf = (version: number) => AuditEvent;

/** What publishes a version. */
export type Publication = {
  readonly version: number;
  readonly effectiveFromMs: number;
  /** The actor, as in the audit log. */
  readonly by: string;
  readonly nowMs: number;
};

/** Why a version was not published: there is none, or it is no draft any more. */
export type PublishRefusal =
  | { code: "CATALOGUE_NOT_FOUND" }
  | { code: "ALREADY_PUBLISHED"; state: Exclude<CatalogueState, "draft"> };

/** Why a version was not withdrawn: there is none, or it is in force, or too soon will be. */
export type WithdrawRefusal = { code: "CATALOGUE_NOT_FOUND" } | { code: "ALREADY_IN_FORCE" };

/** The versions by which prices are computed at a time and after it. */
export type CurrentCatalogues = {
  readonly inForce: CatalogueVersion | undefined;
  /** Published versions that will be in force later. */
  readonly upcoming: readonly CatalogueVersion[];
};

/** Versions of the catalogue. Every change is written in one transaction with its audit event. */
export type CatalogueStore = {
  /** Makes a draft. */
  create(catalogue: NewCatalogue, eventOf: EventOf): Promise<CatalogueVersion>;
  find(version: number): Promise<CatalogueVersion | undefined>;
  /** Newest first. `before`: only smaller versions. */
  list(page: Page<number>): Promise<readonly CatalogueVersion[]>;
  /** The published version with the latest `effectiveFromMs` that is not after `nowMs`, and those after it. */
  current(nowMs: number): Promise<CurrentCatalogues>;
  /** Publishes a draft; of two at the same time, one. Refuses, in this order: CATALOGUE_NOT_FOUND, ALREADY_PUBLISHED. */
  publish(publication: Publication, event: AuditEvent): Promise<Outcome<undefined, PublishRefusal>>;
  /**
   * Withdraws a draft, or a published version that is in force only after `beforeMs`. One that is withdrawn already stays so,
   * and no event is written. Refuses, in this order: CATALOGUE_NOT_FOUND, ALREADY_IN_FORCE.
   */
  withdraw(version: number, beforeMs: number, event: AuditEvent): Promise<Outcome<undefined, WithdrawRefusal>>;
};

/** How many processes can make a version at the same time, with one attempt each. */
const MAX_ATTEMPTS = 10;

const toVersion = (record: StoredRecord<"catalogues">): CatalogueVersion => ({
  ...record,
  state: record.state as CatalogueState,
});

/** Versions of the catalogue on any database. */
export const createCatalogueStore = (records: Records): CatalogueStore => ({
  create: async (catalogue, eventOf) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await insertNext(records, catalogue, eventOf);
      } catch (error) {
        // Another process has made this version in the meantime.
        if (!(error instanceof DuplicateKey) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  },

  find: async (version) => {
    const found = await records.get("catalogues", { version });
    return found && toVersion(found);
  },

  list: async ({ limit, before }) => {
    const where = { version: { lt: before } };
    return (await records.list("catalogues", { where, by: ["version"], direction: "desc", limit })).map(toVersion);
  },

  current: async (nowMs) => {
    const published = (effectiveFromMs: { readonly lte: number } | { readonly gt: number }, limit?: number) =>
      records.list("catalogues", {
        where: { state: "published", effectiveFromMs },
        by: ["effectiveFromMs", "version"],
        direction: "desc",
        ...(limit !== undefined && { limit }),
      });
    const [inForce, upcoming] = await Promise.all([published({ lte: nowMs }, 1), published({ gt: nowMs })]);
    return { inForce: inForce.map(toVersion)[0], upcoming: upcoming.map(toVersion) };
  },

  publish: ({ version, effectiveFromMs, by, nowMs }, event) =>
    records.transaction(async (tx): Promise<Outcome<undefined, PublishRefusal>> => {
      const set = { state: "published", effectiveFromMs, publishedBy: by, publishedAtMs: nowMs };
      if (await tx.compareAndSet("catalogues", { version }, { expected: { state: "draft" }, set })) {
        return record(tx, event);
      }
      const found = await tx.get("catalogues", { version });
      if (!found) return refuse({ code: "CATALOGUE_NOT_FOUND" });
      return refuse({ code: "ALREADY_PUBLISHED", state: found.state as "published" | "withdrawn" });
    }),

  withdraw: (version, beforeMs, event) =>
    records.transaction(async (tx): Promise<Outcome<undefined, WithdrawRefusal>> => {
      const expected = { or: [{ state: "draft" }, { state: "published", effectiveFromMs: { gt: beforeMs } }] };
      if (await tx.compareAndSet("catalogues", { version }, { expected, set: { state: "withdrawn" } })) {
        return record(tx, event);
      }
      const found = await tx.get("catalogues", { version });
      if (!found) return refuse({ code: "CATALOGUE_NOT_FOUND" });
      return found.state === "withdrawn" ? ok(undefined) : refuse({ code: "ALREADY_IN_FORCE" });
    }),
});

async function record(tx: RecordTransaction, event: AuditEvent): Promise<Outcome<undefined, never>> {
  await tx.insert("audit_events", event);
  return ok(undefined);
}

/** @throws DuplicateKey when the next version exists by now */
async function insertNext(records: Records, catalogue: NewCatalogue, eventOf: EventOf): Promise<CatalogueVersion> {
  const inserted = await records.transaction(async (tx): Promise<Outcome<CatalogueVersion, never>> => {
    const [newest] = await tx.list("catalogues", { by: ["version"], direction: "desc", limit: 1 });
    const version = (newest?.version ?? 0) + 1;
    const unpublished = { effectiveFromMs: null, publishedBy: null, publishedAtMs: null };
    const made: CatalogueVersion = { ...catalogue, ...unpublished, version, state: "draft" };
    await tx.insert("catalogues", made);
    await tx.insert("audit_events", eventOf(version));
    return ok(made);
  });
  if (!inserted.ok) throw new Error("a new version of the catalogue was refused");
  return inserted.value;
}
