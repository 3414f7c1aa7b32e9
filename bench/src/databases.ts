import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCitusDatabase, createDatabase, onMongodb, onMysql, onPostgresql } from "@jifen/testkit/processes";
import type { Report } from "./report/report.ts";

/** The database servers, and SQLite. */
export type Kind = "sqlite" | "postgresql" | "mysql" | "mongodb";

/** An empty database that is dropped after the run. */
export type BenchDatabase = { readonly url: string; drop(): Promise<void> };

/** The same variables as the tests have. */
const serverUrls: Readonly<Record<Exclude<Kind, "sqlite">, string>> = {
  postgresql: process.env["TEST_POSTGRES_URL"] || "postgresql://postgres@127.0.0.1:5432/postgres",
  mysql: process.env["TEST_MYSQL_URL"] || "mysql://root@127.0.0.1:3306/",
  mongodb: process.env["TEST_MONGODB_URL"] ?? "",
};

/** On the disk of the repository: a temporary folder may be in memory, where COMMIT waits for nothing. */
const dataFolder = fileURLToPath(new URL("../../data/", import.meta.url));

/** Makes databases for one run and drops them afterwards. */
export class Databases {
  readonly #report: Report;
  readonly #created: BenchDatabase[] = [];
  readonly #found = new Map<Kind, boolean>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** Whether this kind of database can be measured here. The report says which version it is, or why it is missing. */
  async has(kind: Kind): Promise<boolean> {
    if (kind === "sqlite") return true;
    const known = this.#found.get(kind);
    if (known !== undefined) return known;
    const version = await readVersion(kind, serverUrls[kind]).catch((error: Error) => error);
    const isFound = typeof version === "string";
    this.#found.set(kind, isFound);
    this.#report.remark(isFound ? version : `${kind} is left out: ${version.message}`);
    return isFound;
  }

  /** Makes an empty database. */
  async create(kind: Kind): Promise<BenchDatabase> {
    const database = kind === "sqlite" ? createFile() : await createDatabase(serverUrls[kind]);
    this.#created.push(database);
    return database;
  }

  /** Makes a database on every node of the Citus cluster that TEST_CITUS_URL names. */
  async createOnCluster(coordinatorUrl: string): Promise<BenchDatabase> {
    const database = await createCitusDatabase(coordinatorUrl);
    this.#created.push(database);
    return database;
  }

  /** Writes to disk what PostgreSQL still has in memory, so that the first stretch does not pay for it. */
  async checkpoint(): Promise<void> {
    // A user without that right leaves it to the server, which does it later.
    await onPostgresql(serverUrls.postgresql, (client) => client.query("CHECKPOINT")).catch(() => undefined);
  }

  async drop(): Promise<void> {
    await Promise.all(this.#created.splice(0).map((database) => database.drop()));
  }
}

function createFile(): BenchDatabase {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(dataFolder, "bench-"));
  return {
    url: `file:${join(folder, "jifen.db")}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function readVersion(kind: Exclude<Kind, "sqlite">, url: string): Promise<string> {
  switch (kind) {
    case "postgresql": {
      const { rows } = await onPostgresql(url, (client) => client.query("SHOW server_version"));
      return `PostgreSQL ${rows[0].server_version}, by TCP to ${new URL(url).hostname}`;
    }
    case "mysql": {
      const [row] = await onMysql(url, (connection) => connection.query("SELECT VERSION() AS version"));
      return `MySQL ${row.version}`;
    }
    case "mongodb": {
      if (!url) throw new Error("TEST_MONGODB_URL is not set");
      const { version } = await onMongodb(url, (db) => db.command({ buildInfo: 1 }));
      return `MongoDB ${version}`;
    }
    default:
      return kind satisfies never;
  }
}
