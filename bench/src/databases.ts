import { randomBytes } from "node:crypto";
import { pgbenchVersion, preparePgbench } from "./pgbench.ts";
import { queryPostgresql, type Scratch, scratchFile, scratchPostgresql } from "./scratch.ts";

/** The databases of one run. */
export type Databases = {
  /** For servers. */
  readonly scratches: readonly Scratch[];
  /** For pgbench; undefined when it or PostgreSQL is missing. */
  readonly pgbench: Scratch | undefined;
  /** What there is and what is missing, in sentences. */
  readonly remarks: readonly string[];
};

/** The same variable as the tests have. */
const serverUrl = process.env["TEST_POSTGRES_URL"] ?? "postgresql://postgres@127.0.0.1:5432/postgres";

/** Makes the databases that can be had here. */
export async function openDatabases(): Promise<Databases> {
  const file = scratchFile();
  const version = await postgresqlVersion();
  if (version.missing !== undefined) {
    const remark = `No PostgreSQL, so neither it nor pgbench is measured (set TEST_POSTGRES_URL): ${version.missing}`;
    return { scratches: [file], pgbench: undefined, remarks: [remark] };
  }
  const name = `jifen_bench_${randomBytes(4).toString("hex")}`;
  const postgresql = await scratchPostgresql(serverUrl, name);
  const remarks = [`PostgreSQL ${version.found}`];
  const tool = pgbenchVersion();
  if (tool === undefined) {
    remarks.push("No pgbench in PATH (it comes with PostgreSQL), so there is nothing to compare PostgreSQL with.");
    return { scratches: [file, postgresql], pgbench: undefined, remarks };
  }
  const pgbench = await scratchPostgresql(serverUrl, `${name}_pgbench`);
  await preparePgbench(pgbench);
  return { scratches: [file, postgresql], pgbench, remarks: [...remarks, tool] };
}

async function postgresqlVersion(): Promise<{ found: string; missing?: never } | { missing: string }> {
  try {
    const [row] = await queryPostgresql(serverUrl, "SHOW server_version");
    return { found: String(row?.["server_version"]) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
