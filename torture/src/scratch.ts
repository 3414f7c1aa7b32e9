import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findMongodb, findMysql, findPostgresql, freshMongodb, onMysql } from "@jifen/testkit/processes";
import pg from "pg";

/** What the ledger runs on. */
export const kinds = ["sqlite", "postgresql", "mysql", "mongodb"] as const;

/** One of them. */
export type Kind = (typeof kinds)[number];

/** Whether a URL leads to MySQL or MariaDB. */
export const isMysql = (url: string): boolean => /^(mysql|mariadb):/.test(url);

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

/** Whether a URL leads to MongoDB. */
export const isMongodb = (url: string): boolean => url.startsWith("mongodb");

/** A new database on the server behind `serverUrl`. */
export async function scratchDatabase(serverUrl: string): Promise<Scratch> {
  if (isMongodb(serverUrl)) {
    const { url, drop } = await freshMongodb(serverUrl);
    return { url, [Symbol.asyncDispose]: drop };
  }
  const name = `jifen_torture_${randomBytes(6).toString("hex")}`;
  const [create, drop] = isMysql(serverUrl)
    ? [`CREATE DATABASE ${name}`, `DROP DATABASE IF EXISTS ${name}`]
    : [`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`];
  await execute(serverUrl, create);
  return {
    url: Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href,
    [Symbol.asyncDispose]: () => execute(serverUrl, drop),
  };
}

/** A new database on the server that the tests of this kind would use. */
export async function scratchOn(kind: Kind): Promise<Scratch> {
  switch (kind) {
    case "sqlite":
      return scratchFile();
    case "postgresql":
      return scratchDatabase((await findPostgresql(process.env)).url);
    case "mysql":
      return scratchDatabase((await findMysql(process.env)).url);
    case "mongodb":
      return scratchDatabase(await mongodbUrl());
    default:
      return kind satisfies never;
  }
}

/** @throws Error when TEST_MONGODB_URL names none */
const mongodbUrl = () => findMongodb({ ...process.env, REQUIRE_DATABASES: "mongodb" });

async function execute(url: string, sql: string): Promise<void> {
  if (isMysql(url)) {
    await onMysql(url, (connection) => connection.query(sql));
    return;
  }
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
