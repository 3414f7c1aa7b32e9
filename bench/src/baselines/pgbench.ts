import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { auditBaseline } from "../consistency-check.ts";
import type { Speed } from "../report/measurement.ts";
import { percentile } from "../report/statistics.ts";
import type { Scratch } from "../scratch.ts";
import { accountsOf, type Spread } from "../workload.ts";
import { baselineTables, consumeStatement } from "./statement.ts";
import { nearestSocket } from "./unix-socket.ts";

/** The program that comes with PostgreSQL. */
const PROGRAM = "pgbench";

const script = `
\\set account random(1, :accounts)
${consumeStatement(":account")};
`;

/** What to spend from, with how many clients, and for how long. */
type PgbenchLoad = { readonly spread: Spread; readonly clients: number; readonly seconds: number };

/** The version of the pgbench on this machine; undefined when there is none. */
export function pgbenchVersion(): string | undefined {
  const { stdout, status } = spawnSync(PROGRAM, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** As fast as this PostgreSQL can spend: one prepared statement for each consume, nothing around it. */
export type Pgbench = {
  readonly scratch: Scratch;
  /** How it connects. */
  readonly via: string;
  run(load: PgbenchLoad): Promise<Speed>;
  /** Counts consumes that somebody else did in its tables. */
  counted(consumes: number): void;
  /** @returns what is wrong with its books, in sentences */
  audit(): Promise<string[]>;
};

/** Makes the tables that pgbench works on, and looks for the shortest way to them. */
export async function openPgbench(scratch: Scratch): Promise<Pgbench> {
  await scratch.query(baselineTables);
  const connection = await nearestSocket(scratch.url);
  let committed = 0;

  return {
    scratch,
    via: connection.PGHOST.startsWith("/") ? `the unix socket in ${connection.PGHOST}` : `TCP, ${connection.PGHOST}`,
    run: async (load) => {
      const { committed: more, ...speed } = await execute(load, connection);
      committed += more;
      return speed;
    },
    counted: (consumes) => {
      committed += consumes;
    },
    audit: async () => (await auditBaseline(scratch, committed)).map((finding) => `pgbench: ${finding}`),
  };
}

async function execute(
  load: PgbenchLoad,
  connection: Readonly<Record<string, string>>,
): Promise<Speed & { committed: number }> {
  const folder = mkdtempSync(join(tmpdir(), "jifen-pgbench-"));
  writeFileSync(join(folder, "consume.sql"), script);
  try {
    const { stdout } = await promisify(execFile)(
      PROGRAM,
      [
        ["--no-vacuum", "--protocol=prepared", "--file=consume.sql", `--define=accounts=${accountsOf(load.spread)}`],
        [`--client=${load.clients}`, `--jobs=${Math.min(2, load.clients)}`, `--time=${load.seconds}`],
        ["--log", "--log-prefix=took"],
      ].flat(),
      { cwd: folder, env: { ...process.env, ...connection } },
    );
    return { ...readReport(stdout), ...readLatencies(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(stdout: string): { committed: number; ratePerSecond: number } {
  const committed = /transactions actually processed: (\d+)/.exec(stdout)?.[1];
  const rate = /tps = ([\d.]+)/.exec(stdout)?.[1];
  if (committed === undefined || rate === undefined) throw new Error(`pgbench said something new:\n${stdout}`);
  return { committed: Number(committed), ratePerSecond: Number(rate) };
}

/** One line for each transaction; the third column is how long it took, in microseconds. */
function readLatencies(folder: string): { p50Ms: number; p99Ms: number } {
  const lines = readdirSync(folder)
    .filter((name) => name.startsWith("took."))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n"));
  const latenciesMs = lines.map((line) => Number(line.split(" ")[2]) / 1_000);
  return { p50Ms: percentile(latenciesMs, 0.5), p99Ms: percentile(latenciesMs, 0.99) };
}
