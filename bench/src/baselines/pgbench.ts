import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { AMOUNT, type Spread } from "./cases.ts";
import type { Speed } from "./load.ts";
import { GRANTED, USERS } from "./population.ts";
import type { Scratch } from "./scratch.ts";
import { percentile } from "./statistics.ts";

/** The program that comes with PostgreSQL. */
const PROGRAM = "pgbench";
/** How many clients pgbench has. */
export const CLIENTS = [1, 8, 64] as const;

/** What one run of pgbench did. */
export type PgbenchRun = Speed & { readonly committed: number };

/** The least that keeps the promise: a balance that stays above zero, a numbered journal, a key that is unique for ever. */
const tables = `
  CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    balance bigint NOT NULL CHECK (balance >= 0),
    sequence bigint NOT NULL
  );
  CREATE TABLE transactions (
    account_id bigint NOT NULL,
    sequence bigint NOT NULL,
    idempotency_key text NOT NULL,
    amount bigint NOT NULL,
    action text NOT NULL,
    balance_after bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, sequence),
    UNIQUE (account_id, idempotency_key)
  );
  INSERT INTO accounts SELECT id, ${GRANTED}, 0 FROM generate_series(1, ${USERS}) AS id;
`;

const consume = `
\\set account random(1, :accounts)
WITH spent AS (
  UPDATE accounts SET balance = balance - ${AMOUNT}, sequence = sequence + 1
  WHERE id = :account AND balance >= ${AMOUNT}
  RETURNING id, sequence, balance
)
INSERT INTO transactions
SELECT id, sequence, gen_random_uuid()::text, ${AMOUNT}, 'bench', balance, clock_timestamp() FROM spent;
`;

/** The version of the pgbench on this machine; undefined when there is none. */
export function pgbenchVersion(): string | undefined {
  const { stdout, status } = spawnSync(PROGRAM, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** Makes the tables that pgbench works on. */
export async function preparePgbench({ query }: Scratch): Promise<void> {
  await query(tables);
}

/** Spends as fast as this PostgreSQL can: one prepared statement for each consume, nothing around it. */
export async function runPgbench(
  scratch: Scratch,
  load: { readonly spread: Spread; readonly clients: number; readonly seconds: number },
): Promise<PgbenchRun> {
  const folder = mkdtempSync(join(tmpdir(), "jifen-pgbench-"));
  const script = join(folder, "consume.sql");
  writeFileSync(script, consume);
  const accounts = load.spread === "one account" ? 1 : USERS;
  const threads = Math.min(2, load.clients);
  try {
    const { stdout } = await promisify(execFile)(
      PROGRAM,
      [
        ["--no-vacuum", "--protocol=prepared", "--file=consume.sql", `--define=accounts=${accounts}`],
        [`--client=${load.clients}`, `--jobs=${threads}`, `--time=${load.seconds}`],
        ["--log", "--log-prefix=took"],
      ].flat(),
      { cwd: folder, env: { ...process.env, ...connectionOf(scratch.url) } },
    );
    return { ...readReport(stdout), ...readLatencies(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The environment that libpq reads; a password does not belong on a command line. */
function connectionOf(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    PGHOST: hostname,
    PGPORT: port || "5432",
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  };
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
