/** The tables were made by a newer Jifen, and are not such that this one could work on them. */
export class SchemaTooNew extends Error {
  override name = "SchemaTooNew";
}

/** The tables are those of an older Jifen, or there are none, and nobody has said that they may be changed. */
export class SchemaTooOld extends Error {
  override name = "SchemaTooOld";
}

/** Only a part of what an import brings is there. */
export class ImportUnfinished extends Error {
  override name = "ImportUnfinished";
}

/** What stands among the migrations while an import is under way: no Jifen, however old, opens such a database. */
export const IMPORT_MARK = { version: 1_000_000, name: "an import is not finished" } as const;

/** Migrations of this name only add: whatever ran on the tables before runs on them still. */
const EXPANDS = /^(\d+-)?expand-/;

/** A migration that has run, as the database remembers it. */
export type AppliedMigration = { readonly version: number; readonly name: string | null };

/** At which version the tables are, and what this Jifen makes of it. */
export type SchemaState = {
  /** 0 where there are no tables. */
  readonly present: number;
  /** The one that this Jifen brings them to. */
  readonly newest: number;
  /**
   * `older`: they have to be migrated. `expanded`: a newer Jifen has only added to them, this one may go on.
   * `newer`: it has changed them. `importing`: only a part of what is to be there is.
   */
  readonly is: "current" | "older" | "expanded" | "newer" | "importing";
};

/** What follows from the migrations that have run, in any order. */
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

/**
 * Whether tables that are not up to date are brought there, or are a reason to stop; or whether they are those of an
 * import that goes on.
 */
export type MigrationMode = "migrate" | "check" | "import";

/**
 * Refuses tables on which this Jifen cannot work.
 * @throws SchemaTooOld, SchemaTooNew, ImportUnfinished
 */
export function checkSchema({ present, newest, is }: SchemaState, mode: MigrationMode): void {
  if (is === "older") {
    throw new SchemaTooOld(
      `The database is at schema version ${present}, this Jifen needs ${newest}: run "jifen migrate" first, or start the server with AUTO_MIGRATE=on. 数据库结构版本为 ${present}，需要 ${newest}：请先运行 jifen migrate。`,
    );
  }
  if (is === "newer") {
    throw new SchemaTooNew(
      `The database is at schema version ${present}, this Jifen knows ${newest}: start the newer Jifen again, or restore the copy from before the upgrade. 数据库结构版本为 ${present}，当前程序只认识 ${newest}：请使用更新的 Jifen。`,
    );
  }
  if (is === "importing" && !(mode === "import" && present === newest)) {
    throw new ImportUnfinished(
      'Only a part of what an import brings is in this database: run the same "jifen import" again, with the same Jifen, or begin with an empty database. 数据导入尚未完成：请用同一版本再次运行相同的 jifen import，或改用空数据库。',
    );
  }
}
