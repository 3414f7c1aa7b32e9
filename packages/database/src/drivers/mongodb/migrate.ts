import { MigrationFailed, migrating } from "../../schema/migrate.ts";
import type { Migrated } from "../../schema/migrated.ts";
import { checkSchema, type Schema, type SchemaState, schemaStateOf } from "../../schema/schema-state.ts";
import type { CollectionSchema, Index } from "./collection-schema.ts";
import { connectionLoss } from "./failure.ts";
import { underLock } from "./migration-lock.ts";
import { type Migration, migrations } from "./migrations/index.ts";
import { type MongoConnection, queryLimits } from "./pool.ts";

const NAMESPACE_EXISTS = 48;

/** The migrations that have run, by version. The same collection holds the lock, which has no version. */
const migrationsOn = (connection: MongoConnection) => connection.collection("jifen_migrations");

/** The schema of the database behind `connection`. */
export const schemaOf = (connection: MongoConnection, known: readonly Migration[] = migrations) =>
  ({
    read: () => readSchema(connection, known),
    migrate: () => migrating(() => migrateLocked(connection, known)),
  }) satisfies Schema;

async function readSchema(connection: MongoConnection, known: readonly Migration[]): Promise<SchemaState> {
  const documents = await migrationsOn(connection)
    .find({ version: { $exists: true } }, queryLimits)
    .toArray();
  const applied = documents.map(({ version, name }) => ({ version: Number(version), name: String(name) }));
  return schemaStateOf(known.at(-1)?.version ?? 0, applied);
}

/**
 * Runs each pending migration once, under a lock. One that fails keeps its partial changes and the version before it: the
 * next start runs it again from its beginning.
 * @throws MigrationFailed, SchemaTooNew, ImportUnfinished
 */
async function migrateLocked(connection: MongoConnection, known: readonly Migration[]): Promise<Migrated> {
  const before = await readSchema(connection, known);
  if (before.is !== "older") {
    checkSchema(before, "migrate");
    return { from: before.present, to: before.present, files: [], copies: [] };
  }
  return underLock(connection, async () => {
    const state = await readSchema(connection, known);
    if (state.is !== "older") checkSchema(state, "migrate");
    const pending = known.filter(({ version }) => version > state.present);
    for (const migration of pending) await run(connection, migration);
    return { from: state.present, to: state.newest, files: pending.map(({ name }) => name), copies: [] };
  });
}

async function run(connection: MongoConnection, { version, name, schemas }: Migration): Promise<void> {
  try {
    for (const schema of schemas) await applySchema(connection, schema);
  } catch (error) {
    if (connectionLoss(error) !== undefined) throw error;
    throw new MigrationFailed(
      `Migration ${name} failed: ${(error as Error).message}. Its partial changes are kept and the version is unchanged: the next start runs it again from its beginning.`,
      { cause: error },
    );
  }
  const done = { $setOnInsert: { name, done_at: new Date() } };
  await migrationsOn(connection).updateOne({ version }, done, { upsert: true });
}

/** Creates the collection or changes its validator, then creates missing indexes. */
async function applySchema(connection: MongoConnection, { name, validator, indexes }: CollectionSchema): Promise<void> {
  const rules = { validator, validationLevel: "strict", validationAction: "error" } as const;
  await connection.db.createCollection(name, rules).catch(async (error: { code?: unknown }) => {
    if (error.code !== NAMESPACE_EXISTS) throw error;
    await connection.db.command({ collMod: name, ...rules });
  });
  if (indexes.length > 0)
    await connection.collection(name).createIndexes(indexes.map((index: Index) => ({ ...index })));
}
