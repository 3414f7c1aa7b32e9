import { existsSync, readFileSync } from "node:fs";
import { type Database, openDatabase, openToImport, parseDatabaseUrl } from "@jifen/database";
import { InvalidSettings, parseSettings, type Settings } from "../settings/settings.ts";
import { reportStartupError } from "../start/report-startup-error.ts";
import { inStage } from "../start/stage.ts";

/** The file of an embedded database does not exist. */
class NoSuchDatabase extends InvalidSettings {
  constructor(file: string) {
    super(
      `There is no database at ${file}: check DATABASE_URL and DATA_DIR. 数据库文件不存在，请检查 DATABASE_URL 和 DATA_DIR。`,
    );
  }
}

const parse = (env: Readonly<Record<string, string | undefined>>): Settings =>
  parseSettings({ env, readFile: (path) => readFileSync(path, "utf8"), workingDirectory: process.cwd() });

/** All settings of the server. @throws InvalidSettings */
export const serverSettings = (): Settings => parse(process.env);

/** The settings that commands use. */
export type CommandSettings = Pick<
  Settings,
  "databaseUrl" | "publicUrl" | "host" | "port" | "initialCredits" | "adminEmails" | "timeZone" | "logKeeping"
>;

/** Parses only the settings that commands use: an invalid PORT must not prevent an audit. @throws InvalidSettings */
export function commandSettings(): CommandSettings {
  const { DATABASE_URL, DATABASE_URL_FILE, DATA_DIR, PUBLIC_URL, INITIAL_CREDITS, ADMIN_EMAILS, TIME_ZONE } =
    process.env;
  const required = { DATABASE_URL, DATABASE_URL_FILE, DATA_DIR, PUBLIC_URL, INITIAL_CREDITS, ADMIN_EMAILS, TIME_ZONE };
  const { HOST, PORT, LOG_RETENTION_DAYS, LOG_DETAILS_DAYS } = process.env;
  const keeping = { LOG_RETENTION_DAYS, LOG_DETAILS_DAYS };
  try {
    // Without PUBLIC_URL, one-time links begin with the address at which the server listens.
    return parse({ ...required, ...keeping, HOST, PORT });
  } catch {
    return parse({ ...required, ...keeping });
  }
}

/** The default source of an import. A URL with a password belongs here: the process list shows the arguments of a command. */
export const sourceDatabaseUrl = (): string | undefined => process.env["SOURCE_DATABASE_URL"];

/** The target of an import; see `openToImport`. */
type ImportTarget = Awaited<ReturnType<typeof openToImport>>;

/** Opens the database of the server's settings as the target of an import, and always closes it; see `withDatabase`. */
export async function withImportTarget(
  work: (target: ImportTarget, settings: CommandSettings) => Promise<void>,
): Promise<void> {
  await reportStartupError(async () => {
    const settings = commandSettings();
    const target = await inStage("database", () => openToImport(settings.databaseUrl));
    try {
      await work(target, settings);
    } finally {
      await target.database.close();
    }
  });
}

/**
 * Opens the database of the server's settings and always closes it. Prints an error and exits with 1 when it cannot.
 * Does not migrate unless `migrate` is set: only `jifen migrate`, `jifen demo` and the server do.
 */
export async function withDatabase(
  work: (database: Database, settings: CommandSettings) => Promise<void>,
  { migrate = false }: { readonly migrate?: boolean } = {},
): Promise<void> {
  await reportStartupError(async () => {
    const settings = commandSettings();
    const { databaseUrl, logKeeping } = settings;
    const target = parseDatabaseUrl(databaseUrl);
    if (!migrate && target.kind === "sqlite" && !existsSync(target.location)) throw new NoSuchDatabase(target.location);
    const database = await inStage("database", () =>
      openDatabase(databaseUrl, { migrate, logs: { keeping: logKeeping } }),
    );
    try {
      await work(database, settings);
    } finally {
      await database.close();
    }
  });
}
