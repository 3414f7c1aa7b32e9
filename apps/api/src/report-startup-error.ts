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

const explained = [
  InvalidSettings,
  ImportUnfinished,
  MigrationFailed,
  TransferError,
  SchemaTooNew,
  SchemaTooOld,
  UnsafeDatabaseSettings,
  UnsupportedDatabaseUrl,
];

/** What an operator can do about a failed start; undefined for a bug. */
export function explain(error: unknown): string | undefined {
  if (explained.some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof DatabaseUnavailable) {
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    return `The database cannot be reached${cause}. Is it running, and is DATABASE_URL right? 无法连接数据库，请检查 DATABASE_URL。`;
  }
  if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
    return "The port is taken: set PORT to another one, or stop what listens there. 端口已被占用，请设置其他 PORT。";
  }
  return undefined;
}

/** Starts the process, or says on standard error what is wrong and how to mend it, and exits with 1. */
export async function reportStartupError(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${explain(error) ?? (error instanceof Error ? error.stack : String(error))}\n`);
    process.exit(1);
  }
}
