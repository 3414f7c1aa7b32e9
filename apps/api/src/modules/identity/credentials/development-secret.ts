import { randomBytes } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "@jifen/database";

/**
 * The secret of a development server without JWT_SECRET. It is generated once and stored in the data directory, readable
 * by its owner only, so that sessions survive a restart.
 */
export function developmentSecret(dataDir: string): string {
  const file = join(dataDir, "jwt-secret");
  makeFolder(dataDir);
  const draft = `${file}.${process.pid}`;
  if (!existsSync(file)) {
    // A hard link appears with its full content, and creating it fails when another process was first.
    writeFileSync(draft, randomBytes(32).toString("base64url"), { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(draft);
    }
  }
  return readFileSync(file, "utf8");
}
