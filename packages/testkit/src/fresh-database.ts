import { describe, inject } from "vitest";
import { createDatabase, createFile, type FreshDatabase } from "./create-database.ts";
import { copyFile, copyOnMysql, copyOnPostgresql, type Migrate } from "./database-template.ts";
import { databasePrefix } from "./run/run-folder.ts";
import { serverVariables } from "./server-variables.ts";

/** Every database that Jifen runs on. */
export const databaseKinds = ["sqlite", "postgresql", "mysql", "mongodb"] as const;

/** The name of a database system. */
export type DatabaseKind = (typeof databaseKinds)[number];

/** The database systems with SQL. */
export const sqlKinds = databaseKinds.filter((kind) => kind !== "mongodb");

const runsEverywhere = process.env["ALL_DATABASES"] === "true";

/**
 * The database systems of suites that test the surface of the API: what callers and operators see. What a database must do is
 * proved in packages/database/test on every one, so the default run has these suites on an embedded database and on a server
 * only. A run with ALL_DATABASES=true (vitest.full.config.ts) has them on every database.
 */
export const apiSurfaceKinds: readonly DatabaseKind[] = runsEverywhere ? databaseKinds : ["sqlite", "postgresql"];

/**
 * The database systems of suites about rules that are decided before a database is asked, or after it: input, rights, limits,
 * commands, e-mail. The default run has them on the embedded database only, a run with ALL_DATABASES=true on every one.
 */
export const aboveDatabaseKinds: readonly DatabaseKind[] = runsEverywhere ? databaseKinds : ["sqlite"];

/** `describe` for tests on one database. Skips them when the run has no such server, which it reports at its start. */
export const describeOn = (kind: DatabaseKind): ReturnType<typeof describe.skipIf> =>
  describe.skipIf(kind !== "sqlite" && !inject(`${kind}Url`));

let route: ((url: string) => string) | undefined;

/** Leads the URLs of later databases on servers through a pooler; undefined ends that. */
export function leadThrough(pooler: ((url: string) => string) | undefined): void {
  route = pooler;
}

const creations = new Map<DatabaseKind, () => Promise<FreshDatabase>>();

/** Makes later empty databases of this kind otherwise, such as on all nodes of a cluster. */
export function createWith(kind: DatabaseKind, create: () => Promise<FreshDatabase>): void {
  creations.set(kind, create);
}

/** Makes a database without tables: a temporary file, or a new database on the server of this run. */
export async function emptyDatabase(kind: DatabaseKind): Promise<FreshDatabase> {
  if (kind === "sqlite") return createFile();
  const creation = creations.get(kind);
  if (creation) return creation();
  const fresh = await createDatabase(inject(`${kind}Url`), process.env[serverVariables[kind].secondUrl] || undefined);
  const routed = (url: string) => route?.(url) ?? url;
  return { url: routed(fresh.url), secondUrl: routed(fresh.secondUrl), drop: fresh.drop };
}

type Prepare = (kind: DatabaseKind, url: string) => Promise<void>;
let prepare: Prepare | undefined;

/** Prepares each later `freshDatabase` by `preparation`, which can create the tables. */
export function prepareDatabases(preparation: Prepare): void {
  prepare = preparation;
}

/** Makes a database without rows. It has no tables either, unless the run prepares its databases. */
export async function freshDatabase(kind: DatabaseKind): Promise<FreshDatabase> {
  const fresh = await emptyDatabase(kind);
  try {
    await prepare?.(kind, fresh.url);
    return fresh;
  } catch (error) {
    await fresh.drop();
    throw error;
  }
}

/**
 * Makes a database with tables and without rows: a copy of one that `migrate` has filled once for the whole run, which takes a
 * fraction of the time of its migrations. Where databases are made or prepared in another way, it is migrated itself.
 */
export async function migratedDatabase(kind: DatabaseKind, migrate: Migrate): Promise<FreshDatabase> {
  const template = { name: `${databasePrefix()}template`, migrate };
  if (!isPlain(kind)) return freshAndMigrated(kind, migrate);
  switch (kind) {
    case "sqlite":
      return copyFile(template);
    case "postgresql":
      return copyOnPostgresql(inject("postgresqlUrl"), template);
    case "mysql":
      return copyOnMysql(inject("mysqlUrl"), template);
    case "mongodb":
      return freshAndMigrated(kind, migrate);
    default:
      return kind satisfies never;
  }
}

async function freshAndMigrated(kind: DatabaseKind, migrate: Migrate): Promise<FreshDatabase> {
  const fresh = await freshDatabase(kind);
  await migrate(fresh.url);
  return fresh;
}

const isPlain = (kind: DatabaseKind): boolean =>
  prepare === undefined &&
  route === undefined &&
  !creations.has(kind) &&
  (kind === "sqlite" || !process.env[serverVariables[kind].secondUrl]);
