import pg from "pg";
import { openFaultProxy } from "./fault-proxy.ts";
import { type OwnPostgresql, startOwnPostgresql } from "./own-postgresql.ts";
import { timeLimit } from "./time-limit.ts";

/** A primary with a synchronous standby. */
export type PostgresqlPair = AsyncDisposable & {
  readonly primary: OwnPostgresql;
  readonly standby: OwnPostgresql;
  /** Interrupts the replication: from now on the primary must not acknowledge a write. */
  disconnect(): Promise<void>;
  /** Restores the replication. */
  reconnect(): Promise<void>;
  /** Promotes the standby. Resolves when it accepts writes. */
  promote(): Promise<void>;
};

const TIMEOUT_MS = timeLimit(30);

/** Starts both servers. Resolves when the replication is synchronous. */
export async function startPostgresqlPair(): Promise<PostgresqlPair> {
  const primary = await startOwnPostgresql({ settings: ["synchronous_standby_names=*"] });
  await primary.kill();
  const proxy = await openFaultProxy(primary.url);
  const { hostname, port } = new URL(proxy.url);
  const connection = `primary_conninfo=host=${hostname} port=${port} user=postgres`;
  const standby = await startOwnPostgresql({
    settings: [connection, "wal_retrieve_retry_interval=100ms"],
    standbyOf: primary,
  });
  await primary.start();
  await waitUntil(primary.url, "SELECT count(*) = 1 AS is FROM pg_stat_replication WHERE sync_state = 'sync'");
  return {
    primary,
    standby,
    disconnect: proxy.refuseConnections,
    reconnect: proxy.restore,
    promote: () => waitUntil(standby.url, "SELECT pg_promote() AS is"),
    [Symbol.asyncDispose]: async () => {
      await primary[Symbol.asyncDispose]();
      await standby[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

/** Repeats a query until its column `is` is true. */
async function waitUntil(url: string, query: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const began = Date.now(); Date.now() - began < TIMEOUT_MS; ) {
      const { rows } = await client.query<{ is: boolean }>(query);
      if (rows[0]?.is) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`did not become true within ${TIMEOUT_MS} ms: ${query}`);
  } finally {
    await client.end();
  }
}
