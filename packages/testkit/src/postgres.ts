import pg from "pg";
import { hasOwnPostgresql, startOwnPostgresql } from "./own-postgresql.ts";
import type { PostgresqlServer } from "./postgresql-server.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds a PostgreSQL for the tests: the one that TEST_POSTGRES_URL names, else one that answers on 127.0.0.1:5432, else
 * one that is started for this run, if PostgreSQL is installed. `TEST_POSTGRES_URL=own` always starts one.
 * @throws Error when there is none, or when the named one does not answer.
 */
export async function findPostgresql(env: Environment): Promise<PostgresqlServer> {
  const named = env["TEST_POSTGRES_URL"];
  if (named === "own") return startServerOfRun();
  if (named) {
    return running(named, "named by TEST_POSTGRES_URL").catch((cause: Error) => {
      throw new Error(`The PostgreSQL that TEST_POSTGRES_URL names does not answer: ${cause.message}`, { cause });
    });
  }
  return running(localUrl(env), "already running").catch((cause: Error) => {
    if (hasOwnPostgresql()) return startServerOfRun();
    throw new Error(`PostgreSQL is neither running on 127.0.0.1:5432 nor installed: ${cause.message}`, { cause });
  });
}

async function startServerOfRun(): Promise<PostgresqlServer> {
  const own = await startOwnPostgresql();
  const { url, description } = await running(own.url, "started for this run");
  return { url, description, stop: async () => await own[Symbol.asyncDispose]() };
}

function localUrl(env: Environment): string {
  const url = new URL("postgresql://127.0.0.1:5432/postgres");
  url.username = encodeURIComponent(env["PGUSER"] ?? "postgres");
  url.password = encodeURIComponent(env["PGPASSWORD"] ?? "");
  return url.href;
}

async function running(url: string, how: string): Promise<PostgresqlServer> {
  const { rows } = await onPostgresql(url, (client) =>
    client.query<{ version: string }>("SELECT current_setting('server_version') AS version"),
  );
  const description = `PostgreSQL ${rows[0]?.version} at ${new URL(url).host} (${how})`;
  return { url, description };
}

/** Runs `work` with a new connection, without the code under test. */
export async function onPostgresql<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  // A test may end the server's side of the connection.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
