import { randomBytes } from "node:crypto";
import { openPgbench, type Pgbench, pgbenchVersion } from "./baselines/pgbench.ts";
import { queryPostgresql, type Scratch, scratchFile, scratchPostgresql } from "./scratch.ts";
import { spreads } from "./workload.ts";

/** For one account and for many. */
const SETTLE_SECONDS = 3;

/** What there is of PostgreSQL. */
export type Postgresql = {
  readonly scratch: Scratch;
  /** undefined when the program is missing. */
  readonly pgbench: Pgbench | undefined;
  /** One more database. */
  another(): Promise<Scratch>;
  /**
   * Writes out what is still in memory, and lets pgbench run for a while: whoever is measured first would otherwise
   * pay for the databases that have just been made.
   */
  settle(): Promise<void>;
};

/** The databases of one run. */
export type Databases = {
  readonly sqlite: Scratch;
  readonly postgresql: Postgresql | undefined;
  /** What there is and what is missing, in sentences. */
  readonly remarks: readonly string[];
  /** Drops them all. */
  drop(): Promise<void>;
};

/** The same variable as the tests have. */
const serverUrl = process.env["TEST_POSTGRES_URL"] ?? "postgresql://postgres@127.0.0.1:5432/postgres";

/** Makes the databases that can be had here. */
export async function openDatabases(): Promise<Databases> {
  const sqlite = scratchFile();
  const made = [sqlite];
  const drop = async () => {
    await Promise.all(made.map((scratch) => scratch.drop()));
  };
  const version = await postgresqlVersion();
  if (version.missing !== undefined) {
    const remark = `No PostgreSQL, so neither it nor pgbench is measured (set TEST_POSTGRES_URL): ${version.missing}`;
    return { sqlite, postgresql: undefined, remarks: [remark], drop };
  }
  const prefix = `jifen_bench_${randomBytes(4).toString("hex")}`;
  const another = async () => {
    const scratch = await scratchPostgresql(serverUrl, `${prefix}_${made.length}`);
    made.push(scratch);
    return scratch;
  };
  const scratch = await another();
  const tool = pgbenchVersion();
  const pgbench = tool === undefined ? undefined : await openPgbench(await another());
  const settle = async () => {
    // Not everybody may; then it happens by itself, later.
    await queryPostgresql(serverUrl, "CHECKPOINT").catch(() => undefined);
    for (const spread of spreads) await pgbench?.run({ spread, clients: 8, seconds: SETTLE_SECONDS });
  };
  const remarks = [
    `PostgreSQL ${version.found}; the server and the engine reach it by TCP, ${new URL(serverUrl).hostname}`,
    pgbench
      ? `${tool}, by ${pgbench.via}`
      : "No pgbench in PATH (it comes with PostgreSQL), so there is nothing to compare PostgreSQL with",
  ];
  return { sqlite, postgresql: { scratch, pgbench, another, settle }, remarks, drop };
}

async function postgresqlVersion(): Promise<{ found: string; missing?: never } | { missing: string }> {
  try {
    const [row] = await queryPostgresql(serverUrl, "SHOW server_version");
    return { found: String(row?.["server_version"]) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
