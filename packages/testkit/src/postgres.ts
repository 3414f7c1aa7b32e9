import pg from "pg";
import { startEmbeddedPostgresql } from "./embedded-postgres.ts";
import type { PostgresqlServer } from "./postgresql-server.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds a PostgreSQL for the tests: the one that TEST_POSTGRES_URL names, else one that answers on
 * 127.0.0.1:5432, else one started for this run in a temporary folder.
 * `TEST_POSTGRES_URL=embedded` goes straight to the last.
 * @throws Error when none can be had, or when the one that was named does not answer.
 */
export async function findPostgresql(env: Environment): Promise<PostgresqlServer> {
  const named = env["TEST_POSTGRES_URL"];
  if (named === "embedded") return startEmbeddedPostgresql();
  if (named) {
    return running(named, "named by TEST_POSTGRES_URL").catch((cause: Error) => {
      throw new Error(`The PostgreSQL that TEST_POSTGRES_URL names does not answer: ${cause.message}`, { cause });
    });
  }
  return running(localUrl(env), "already running").catch(() => startEmbeddedPostgresql());
}

function localUrl(env: Environment): string {
  const url = new URL("postgresql://127.0.0.1:5432/postgres");
  url.username = encodeURIComponent(env["PGUSER"] ?? "postgres");
  url.password = encodeURIComponent(env["PGPASSWORD"] ?? "");
  return url.href;
}

async function running(url: string, how: string): Promise<PostgresqlServer> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  await client.connect();
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  await client.end();
  const description = `PostgreSQL ${rows[0]?.version} at ${new URL(url).host} (${how})`;
  return { url, description, stop: async () => undefined };
}
