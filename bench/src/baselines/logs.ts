import type { NewCallLog } from "@jifen/database";
import Driver from "better-sqlite3";
import { createPool } from "mariadb";
import pg from "pg";

/** A way to write one log for each request, by the driver of a database, into the tables of Jifen. */
export type LogBaseline = { readonly name: string; write(log: NewCallLog): Promise<void>; close(): Promise<void> };

/** Connections: as many as a server usually takes for this. */
const CONNECTIONS = 8;
/** A part of the sums of all users that no process of Jifen has. */
const PART = 99;

const columns =
  "user_id, id, counted_at_ms, action, success, duration_ms, subject_id, reference, details, details_bytes, occurred_at_ms, created_at_ms";

const rowOf = (log: NewCallLog) => [
  ...[log.userId, log.id, log.countedAtMs, log.action, log.success, log.durationMs, log.subjectId, log.reference],
  ...[log.details, log.detailsBytes, log.occurredAtMs, log.createdAtMs],
];

type Statement = { readonly sql: string; readonly values: readonly unknown[] };

/** The statements of one log: its key, its row and both sums, without the classes of durations. */
function statementsOf(log: NewCallLog, addTo: (key: string) => string): readonly Statement[] {
  const counts = "calls, failures, timed, duration_sum_ms";
  const sums = [Math.floor(log.countedAtMs / 900_000), log.action, 1, log.success ? 0 : 1, 1, log.durationMs];
  return [
    { sql: "INSERT INTO log_keys VALUES (?, ?, ?)", values: [log.userId, log.idempotencyKey, log.id] },
    insertRow(log),
    {
      sql: `INSERT INTO log_rollups (user_id, quarter, action, ${counts}) VALUES (?, ?, ?, ?, ?, ?, ?) ${addTo("user_id, quarter, action")}`,
      values: [log.userId, ...sums],
    },
    {
      sql: `INSERT INTO log_totals (part, quarter, action, ${counts}) VALUES (?, ?, ?, ?, ?, ?, ?) ${addTo("part, quarter, action")}`,
      values: [PART, ...sums],
    },
  ];
}

const insertRow = (log: NewCallLog): Statement => ({
  sql: `INSERT INTO call_logs (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  values: rowOf(log),
});

const added = (table: (column: string) => string, fresh: (column: string) => string) =>
  ["calls", "failures", "timed", "duration_sum_ms"]
    .map((name) => `${name} = ${table(name)} + ${fresh(name)}`)
    .join(", ");

const onConflict = (table: string) => (key: string) =>
  `ON CONFLICT (${key}) DO UPDATE SET ${added(
    (name) => `${table}${name}`,
    (name) => `excluded.${name}`,
  )}`;

/** Replaces each `?` by `$1`, `$2`, … */
function numbered(sql: string): string {
  let number = 0;
  return sql.replaceAll("?", () => `$${++number}`);
}

/** An INSERT of the row alone, or one transaction with everything. Prepared, on 8 connections. */
export function openPostgresqlLogs(url: string, work: "row" | "everything"): LogBaseline {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  const send = (client: pg.Pool | pg.PoolClient, { sql, values }: Statement) =>
    client.query({ name: sql.slice(0, 40), text: numbered(sql), values: [...values] });
  const statements = (log: NewCallLog) =>
    [...statementsOf(log, () => "")].map((statement) => {
      const table = /INTO (log_(?:rollups|totals))/.exec(statement.sql)?.[1];
      if (table === undefined) return statement;
      const key = table === "log_rollups" ? "user_id, quarter, action" : "part, quarter, action";
      return { ...statement, sql: statement.sql + onConflict(`${table}.`)(key) };
    });
  return {
    name: work === "row" ? "an INSERT of the row for each" : "a transaction for each",
    write: async (log) => {
      if (work === "row") return void (await send(pool, insertRow(log)));
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        for (const statement of statements(log)) await send(client, statement);
        await client.query("COMMIT");
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

/** One transaction with everything for each log, on 8 connections. */
export function openMysqlLogs(url: string): LogBaseline {
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const target = { host, port: Number(port || 3306), user, password, database: pathname.slice(1) };
  const pool = createPool({ ...target, connectionLimit: CONNECTIONS, allowPublicKeyRetrieval: true });
  const onDuplicate = () =>
    `ON DUPLICATE KEY UPDATE ${added(
      (name) => name,
      (name) => `VALUES(${name})`,
    )}`;
  return {
    name: "a transaction for each",
    write: async (log) => {
      const connection = await pool.getConnection();
      try {
        await connection.beginTransaction();
        for (const { sql, values } of statementsOf(log, onDuplicate)) await connection.execute(sql, [...values]);
        await connection.commit();
      } finally {
        await connection.release();
      }
    },
    close: () => pool.end(),
  };
}

/** One transaction with everything for each log, prepared. A file has one writer. */
export function openSqliteLogs(url: string): LogBaseline {
  const connection = new Driver(url.slice("file:".length).replace(/\.db$/, "-logs.db"));
  connection.pragma("synchronous = FULL");
  const prepared = new Map<string, Driver.Statement>();
  const prepare = (sql: string) => {
    const statement = prepared.get(sql) ?? connection.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  const write = connection.transaction((log: NewCallLog) => {
    for (const { sql, values } of statementsOf(log, onConflict(""))) {
      prepare(sql).run(values.map((value) => (typeof value === "boolean" ? Number(value) : value)));
    }
  }).immediate;
  return {
    name: "a transaction for each",
    write: async (log) => void write(log),
    close: async () => void connection.close(),
  };
}
