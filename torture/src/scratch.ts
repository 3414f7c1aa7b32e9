import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** A kind of database that the ledger runs on. */
export type Kind = "sqlite" | "postgresql";

/** An empty database of one's own, gone when it is disposed of. */
export type Scratch = AsyncDisposable & { readonly url: string };

/** A file in a temporary folder. */
export function scratchFile(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "jifen-torture-"));
  return {
    url: `file:${join(folder, "jifen.db")}`,
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A new database on the PostgreSQL behind `serverUrl`. */
export async function scratchDatabase(serverUrl: string): Promise<Scratch> {
  const name = `jifen_torture_${randomBytes(6).toString("hex")}`;
  await execute(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  return {
    url: Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href,
    [Symbol.asyncDispose]: () => execute(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
