import { existsSync, readFileSync } from "node:fs";
import { type Database, openDatabase, openToImport, parseDatabaseUrl } from "@jifen/database";
import { reportStartupError } from "../report-startup-error.ts";
import { InvalidSettings, parseSettings, type Settings } from "../settings/settings.ts";

/** There is no file where the database should be. */
class NoSuchDatabase extends InvalidSettings {
  constructor(file: string) {
    super(
      `There is no database at ${file}: are DATABASE_URL and DATA_DIR right? 数据库文件不存在，请检查 DATABASE_URL 和 DATA_DIR。`,
    );
  }
}

const parse = (env: Readonly<Record<string, string | undefined>>): Settings =>
  parseSettings({ env, readFile: (path) => readFileSync(path, "utf8"), workingDirectory: process.cwd() });

/** All that the server would be told. @throws BadSettings */
export const serverSettings = (): Settings => parse(process.env);

/** What commands need of the server's settings. */
export type CommandSettings = Pick<Settings, "databaseUrl" | "publicUrl" | "initialCredits" | "adminEmails">;

/** Only what commands need. Nothing else matters: a wrong port must not keep an operator from an audit. @throws BadSettings */
export function commandSettings(): CommandSettings {
  const { DATABASE_URL, DATABASE_URL_FILE, DATA_DIR, PUBLIC_URL, INITIAL_CREDITS, ADMIN_EMAILS } = process.env;
  return parse({ DATABASE_URL, DATABASE_URL_FILE, DATA_DIR, PUBLIC_URL, INITIAL_CREDITS, ADMIN_EMAILS });
}

/** Where an import comes from when its command does not say so: whoever lists processes sees what a command is told. */
export const sourceDatabaseUrl = (): string | undefined => process.env["SOURCE_DATABASE_URL"];

/** A database that is to be filled; see `openToImport`. */
type ImportTarget = Awaited<ReturnType<typeof openToImport>>;

/** Opens the database that the server's own settings name to fill it, and closes it whatever happens; as `withDatabase`. */
export async function withImportTarget(
  work: (target: ImportTarget, settings: CommandSettings) => Promise<void>,
): Promise<void> {
  await reportStartupError(async () => {
    const settings = commandSettings();
    const target = await openToImport(settings.databaseUrl);
    try {
      await work(target, settings);
    } finally {
      await target.database.close();
    }
  });
}

/**
 * Opens the database that the server's own settings name, and closes it whatever happens. Says what is wrong, and exits with 1.
 * Its tables stay as they are: only `jifen migrate` and the server change them.
 */
export async function withDatabase(
  work: (database: Database, settings: CommandSettings) => Promise<void>,
): Promise<void> {
  await reportStartupError(async () => {
    const settings = commandSettings();
    const { databaseUrl } = settings;
    const target = parseDatabaseUrl(databaseUrl);
    if (target.kind === "sqlite" && !existsSync(target.location)) throw new NoSuchDatabase(target.location);
    const database = await openDatabase(databaseUrl, { migrate: false });
    try {
      await work(database, settings);
    } finally {
      await database.close();
    }
  });
}
