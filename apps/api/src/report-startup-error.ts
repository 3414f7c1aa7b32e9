import {
  ImportUnfinished,
  MigrationFailed,
  SchemaTooNew,
  SchemaTooOld,
  UnsafeDatabaseSettings,
  UnsupportedDatabaseUrl,
} from "@jifen/database";
import { DatabaseUnavailable } from "@jifen/ledger";
import { TransferError } from "./modules/transfer/transfer-error.ts";
import { InvalidSettings } from "./settings/settings.ts";

const expectedErrors = [
  InvalidSettings,
  ImportUnfinished,
  MigrationFailed,
  TransferError,
  SchemaTooNew,
  SchemaTooOld,
  UnsafeDatabaseSettings,
  UnsupportedDatabaseUrl,
];

/** What failed and how to correct it; undefined for a bug. */
export function explain(error: unknown): string | undefined {
  if (expectedErrors.some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof DatabaseUnavailable) {
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    return `The database cannot be reached${cause}. Check that it runs and that DATABASE_URL is correct. 无法连接数据库，请检查 DATABASE_URL。`;
  }
  if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
    return "The port is taken: set PORT to another port, or stop the process that listens on it. 端口已被占用，请设置其他 PORT。";
  }
  return undefined;
}

/** Runs the start of a process. On an error prints what failed and how to correct it, and exits with 1. */
export async function reportStartupError(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${explain(error) ?? (error instanceof Error ? error.stack : String(error))}\n`);
    process.exit(1);
  }
}
