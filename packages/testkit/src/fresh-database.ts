import { describe, inject } from "vitest";
import { createDatabase, createFile, type FreshDatabase } from "./create-database.ts";

/** Every database that Jifen runs on. */
export const databaseKinds = ["sqlite", "postgresql", "mysql", "mongodb"] as const;

/** The name of a database system. */
export type DatabaseKind = (typeof databaseKinds)[number];

/** The database systems with SQL. */
export const sqlKinds = databaseKinds.filter((kind) => kind !== "mongodb");

/** `describe` for tests on one database. Skips them when the run has no such server, which it reports at its start. */
export const describeOn = (kind: DatabaseKind): ReturnType<typeof describe.skipIf> =>
  describe.skipIf(kind !== "sqlite" && !inject(`${kind}Url`));

/** Makes an empty database: a temporary file, or a new database on the server of this run. */
export const freshDatabase = async (kind: DatabaseKind): Promise<FreshDatabase> =>
  kind === "sqlite" ? createFile() : createDatabase(inject(`${kind}Url`));
