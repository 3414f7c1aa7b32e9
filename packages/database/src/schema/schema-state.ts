import type { Migrated } from "./migrated.ts";

/** A newer version of Jifen changed the schema in a way that this version does not support. */
export class SchemaTooNew extends Error {
  override name = "SchemaTooNew";
}

/** The schema is older than this version needs, or missing, and the caller did not ask to migrate it. */
export class SchemaTooOld extends Error {
  override name = "SchemaTooOld";
}

/** An import into this database has begun and has not finished. */
export class ImportUnfinished extends Error {
  override name = "ImportUnfinished";
}

/** A migration row that exists while an import runs. Every version of Jifen refuses to open a database that has it. */
export const IMPORT_MARK = { version: 1_000_000, name: "an import is not finished" } as const;

/** Migrations with this prefix only add columns and tables, so that older versions of Jifen keep working. */
const EXPANDS = /^(\d+-)?expand-/;

/** A migration that has run, as stored in the database. */
export type AppliedMigration = { readonly version: number; readonly name: string | null };

/** The version of the schema, compared with the version that this Jifen needs. */
export type SchemaState = {
  /** 0 when there are no tables. */
  readonly present: number;
  /** The version that this Jifen migrates to. */
  readonly newest: number;
  /**
   * `older`: the schema needs a migration. `expanded`: a newer Jifen only added to the schema, and this one can use it.
   * `newer`: a newer Jifen changed it. `importing`: an import has not finished.
   */
  readonly is: "current" | "older" | "expanded" | "newer" | "importing";
};

/** Derives the state from the migrations that have run, given in any order. */
export function schemaStateOf(newest: number, applied: readonly AppliedMigration[]): SchemaState {
  const ran = applied.filter(({ version }) => version !== IMPORT_MARK.version);
  const present = Math.max(0, ...ran.map(({ version }) => version));
  const unknown = ran.filter(({ version }) => version > newest);
  const onlyExpanded = unknown.every(({ name }) => EXPANDS.test(name ?? ""));
  if (ran.length < applied.length) return { present, newest, is: "importing" };
  if (present < newest) return { present, newest, is: "older" };
  if (present === newest) return { present, newest, is: "current" };
  return { present, newest, is: onlyExpanded ? "expanded" : "newer" };
}

/** `migrate` runs pending migrations, `check` refuses an outdated schema, `import` continues an unfinished import. */
export type MigrationMode = "migrate" | "check" | "import";

/** What has a schema, for messages. */
export type SchemaSubject = { readonly en: string; readonly zh: string };

const database: SchemaSubject = { en: "The database", zh: "数据库" };

/**
 * Refuses a schema that this version of Jifen cannot use.
 * @throws SchemaTooOld, SchemaTooNew, ImportUnfinished
 */
export function checkSchema(
  { present, newest, is }: SchemaState,
  mode: MigrationMode,
  { en, zh }: SchemaSubject = database,
): void {
  if (is === "older") {
    throw new SchemaTooOld(
      `${en} is at schema version ${present}, this version of Jifen needs ${newest}: run "jifen migrate" first, or start the server with AUTO_MIGRATE=on. ${zh}结构版本为 ${present}，需要 ${newest}：请先运行 jifen migrate。`,
    );
  }
  if (is === "newer") {
    throw new SchemaTooNew(
      `${en} is at schema version ${present}, this version of Jifen supports up to ${newest}: start the newer version again, or restore the copy from before the upgrade. ${zh}结构版本为 ${present}，当前程序最高支持 ${newest}：请使用更新版本的 Jifen。`,
    );
  }
  if (is === "importing" && !(mode === "import" && present === newest)) {
    throw new ImportUnfinished(
      'The import into this database has not finished: run the same "jifen import" again with the same version of Jifen, or start with an empty database. 数据导入尚未完成：请用同一版本再次运行相同的 jifen import，或改用空数据库。',
    );
  }
}

/** The schema of one open connection. */
export type Schema = {
  read(): Promise<SchemaState>;
  migrate(): Promise<Migrated>;
};

/** How to prepare a schema. `onMigrated` is called after migrations have run. */
export type PrepareOptions = {
  readonly mode: MigrationMode;
  readonly onMigrated?: ((migrated: Migrated) => void) | undefined;
};

/** Migrates the schema, or checks it. @throws MigrationFailed, SchemaTooNew, SchemaTooOld, ImportUnfinished */
export async function prepareSchema(schema: Schema, { mode, onMigrated }: PrepareOptions): Promise<void> {
  if (mode !== "migrate") return checkSchema(await schema.read(), mode);
  const migrated = await schema.migrate();
  if (migrated.files.length > 0) onMigrated?.(migrated);
}
