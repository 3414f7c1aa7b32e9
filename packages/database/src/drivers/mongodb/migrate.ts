import { type Migrated, MigrationFailed } from "../../schema/migrate.ts";
import { checkSchema, type SchemaState, schemaStateOf } from "../../schema/schema-state.ts";
import type { CollectionSchema, Index } from "./collection-schema.ts";
import { type MongoConnection, queryLimits } from "./connection.ts";
import { connectionLoss } from "./failure.ts";
import { underLock } from "./migration-lock.ts";
import { type Migration, migrations } from "./migrations/index.ts";

const NAMESPACE_EXISTS = 48;

/** The versions that are done, by number; the lock is a document of another kind. */
const doneBy = (connection: MongoConnection) => connection.collection("jifen_migrations");

/** At which version the collections are. Changes nothing. */
export async function mongodbSchema(connection: MongoConnection, known = migrations): Promise<SchemaState> {
  const done = await doneBy(connection)
    .find({ version: { $exists: true } }, queryLimits)
    .toArray();
  const applied = done.map(({ version, name }) => ({ version: Number(version), name: String(name) }));
  return schemaStateOf(known.at(-1)?.version ?? 0, applied);
}

/**
 * Brings the collections up to date, each migration once, under a lock. One that fails leaves what it has done so far, and
 * the version before it: the next start does it again, from its beginning.
 * @throws MigrationFailed, SchemaTooNew, ImportUnfinished
 */
export async function migrateMongodb(connection: MongoConnection, known = migrations): Promise<Migrated> {
  const before = await mongodbSchema(connection, known);
  if (before.is !== "older") {
    checkSchema(before, "migrate");
    return { from: before.present, to: before.present, files: [] };
  }
  return underLock(connection, async () => {
    const state = await mongodbSchema(connection, known);
    if (state.is !== "older") checkSchema(state, "migrate");
    const pending = known.filter(({ version }) => version > state.present);
    for (const migration of pending) await run(connection, migration);
    return { from: state.present, to: state.newest, files: pending.map(({ name }) => name) };
  });
}

async function run(connection: MongoConnection, { version, name, shapes }: Migration): Promise<void> {
  try {
    for (const shape of shapes) await bringTo(connection, shape);
  } catch (error) {
    if (connectionLoss(error) !== undefined) throw error;
    throw new MigrationFailed(
      `Migration ${name} failed: ${(error as Error).message}. What it had done before that is there; the version is still the one before, and the next start does all of it again.`,
      { cause: error },
    );
  }
  const done = { $setOnInsert: { name, done_at: new Date() } };
  await doneBy(connection).updateOne({ version }, done, { upsert: true });
}

/** Makes the collection, or gives it these rules; then its indexes, which the server leaves alone where they are. */
async function bringTo(connection: MongoConnection, { name, validator, indexes }: CollectionSchema): Promise<void> {
  const rules = { validator, validationLevel: "strict", validationAction: "error" } as const;
  await connection.db.createCollection(name, rules).catch(async (error: { code?: unknown }) => {
    if (error.code !== NAMESPACE_EXISTS) throw error;
    await connection.db.command({ collMod: name, ...rules });
  });
  if (indexes.length > 0)
    await connection.collection(name).createIndexes(indexes.map((index: Index) => ({ ...index })));
}
