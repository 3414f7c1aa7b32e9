import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const main = fileURLToPath(new URL("../../../apps/api/dist/cli/main.js", import.meta.url));

/** Runs the product's own `jifen audit` on the database. @returns its output if it found differences */
export async function jifenAudit(databaseUrl: string, ...options: readonly string[]): Promise<string[]> {
  const env = { PATH: process.env["PATH"], DATABASE_URL: databaseUrl };
  try {
    await promisify(execFile)(process.execPath, [main, "audit", ...options], { env });
    return [];
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    return [`jifen audit ${options.join(" ")}: ${stdout || stderr || message}`];
  }
}
