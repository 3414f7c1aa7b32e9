import { readFileSync } from "node:fs";
import { type Database, openDatabase } from "@jifen/database";
import { parseSettings } from "../settings.ts";
import { startOrExplain } from "../start-or-explain.ts";

/** Opens the database that the server's own settings name, and closes it whatever happens. Says what is wrong, and exits with 1. */
export async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  await startOrExplain(async () => {
    // Nothing else matters here: a wrong port must not keep an operator from an audit.
    const { DATABASE_URL, DATABASE_URL_FILE, DATA_DIR } = process.env;
    const { databaseUrl } = parseSettings({
      env: { DATABASE_URL, DATABASE_URL_FILE, DATA_DIR },
      readFile: (path) => readFileSync(path, "utf8"),
      workingDirectory: process.cwd(),
    });
    const database = await openDatabase(databaseUrl);
    try {
      await work(database);
    } finally {
      await database.close();
    }
  });
}
