import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { onPostgresql } from "@jifen/testkit/processes";
import type { Bench } from "../bench.ts";
import type { Comparison, Row } from "../comparison.ts";
import type { Speed } from "../report/results.ts";
import { accountsOf, type Spread } from "../workload.ts";
import { consumeStatement, createTables } from "./postgresql.ts";

/** A hot row is fastest with few clients, many rows with many. */
const CLIENTS = [1, 2, 8, 32, 64];

/** The variables with which libpq connects. */
type Connection = { readonly PGHOST: string } & Readonly<Record<string, string>>;

/** PostgreSQL's own load generator, on tables of its own. */
export type Pgbench = { readonly url: string; readonly connection: Connection };

/** The columns "pgbench 64" and "pgbench best"; none without pgbench. */
export const pgbenchColumns = (rows: readonly Row[]): Readonly<Record<string, readonly Row[]>> =>
  rows.length === 0 ? {} : { "pgbench 64": rows.slice(-1), "pgbench best": rows };

/** Opens pgbench once for all parts. @returns undefined, with a remark, when it is not installed */
export const openPgbench = (bench: Bench): Promise<Pgbench | undefined> =>
  bench.once("pgbench", async () => {
    const { stdout, status } = spawnSync("pgbench", ["--version"], { encoding: "utf8" });
    if (status !== 0) {
      bench.report.remark("pgbench is not in PATH (it comes with PostgreSQL), so PostgreSQL has no baseline");
      return undefined;
    }
    const { url } = await bench.databases.create("postgresql");
    await createTables(url);
    const connection = await findConnection(url);
    bench.report.remark(`${stdout.trim()}, connected to ${connection.PGHOST}`);
    return { url, connection };
  });

/** Adds a row for each number of clients; the last one has 64. @returns none when pgbench is not installed */
export async function addPgbench(bench: Bench, comparison: Comparison, spread: Spread): Promise<Row[]> {
  const pgbench = await openPgbench(bench);
  if (!pgbench) return [];
  const { seconds } = bench.options;
  return CLIENTS.map((clients) =>
    comparison.add({
      ...{ what: "one statement", spread, subject: "pgbench", atOnce: clients },
      run: () => runPgbench(pgbench, { spread, clients, seconds }),
    }),
  );
}

type PgbenchLoad = { readonly spread: Spread; readonly clients: number; readonly seconds: number };

async function runPgbench({ connection }: Pgbench, { spread, clients, seconds }: PgbenchLoad): Promise<Speed> {
  const flags = [
    ...["--no-vacuum", "--protocol=prepared", "--file=-", `--define=accounts=${accountsOf(spread)}`],
    ...[`--client=${clients}`, `--jobs=${Math.min(2, clients)}`, `--time=${seconds}`],
  ];
  const child = spawn("pgbench", flags, { env: { ...process.env, ...connection } });
  child.stdin.end(`\\set account random(1, :accounts)\n${consumeStatement(":account")};\n`);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const [, rate] = /tps = ([\d.]+)/.exec(output) ?? [];
  if (rate === undefined) throw new Error(`pgbench failed:\n${output}${errors}`);
  // It prints the mean of the latencies, which is no percentile.
  return { ratePerSecond: Number(rate), p50Ms: Number.NaN, p95Ms: Number.NaN, p99Ms: Number.NaN };
}

/** The server's unix socket when this process may use it, else TCP as in the URL. */
async function findConnection(url: string): Promise<Connection> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const overTcp = {
    PGHOST: hostname,
    PGPORT: port || "5432",
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  };
  const { rows } = await onPostgresql(url, (client) =>
    client.query("SELECT current_setting('unix_socket_directories') AS folders"),
  );
  for (const folder of String(rows[0].folders).split(/\s*,\s*/)) {
    // The name of the database is random, so a socket that leads to it belongs to the same server.
    if (!folder.startsWith("/")) continue;
    const overSocket = `postgresql://${username}:${password}@${encodeURIComponent(folder)}:${overTcp.PGPORT}${pathname}`;
    const isReachable = await onPostgresql(overSocket, () => Promise.resolve(true)).catch(() => false);
    if (isReachable) return { ...overTcp, PGHOST: folder };
  }
  return overTcp;
}
