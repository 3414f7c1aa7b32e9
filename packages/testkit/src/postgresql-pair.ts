import pg from "pg";
import { openFaultProxy } from "./fault-proxy.ts";
import { type OwnPostgresql, startOwnPostgresql } from "./own-postgresql.ts";

/** A primary that acknowledges nothing before its standby has it on disk too. */
export type PostgresqlPair = AsyncDisposable & {
  readonly primary: OwnPostgresql;
  readonly standby: OwnPostgresql;
  /** Cuts the wire between the two: from now on the primary may acknowledge nothing. */
  separate(): Promise<void>;
  /** Mends it. */
  rejoin(): Promise<void>;
  /** Makes the standby a primary. @returns when it takes writes. */
  promote(): Promise<void>;
};

const WAITED_FOR_MS = 30_000;

/** Starts both, and waits until the one waits for the other. */
export async function startPostgresqlPair(): Promise<PostgresqlPair> {
  const primary = await startOwnPostgresql({ settings: ["synchronous_standby_names=*"] });
  await primary.kill();
  const wire = await openFaultProxy(primary.url);
  const { hostname, port } = new URL(wire.url);
  const follows = `primary_conninfo=host=${hostname} port=${port} user=postgres`;
  const standby = await startOwnPostgresql({
    settings: [follows, "wal_retrieve_retry_interval=100ms"],
    standbyOf: primary,
  });
  await primary.start();
  await ask(primary.url, "SELECT count(*) = 1 AS is FROM pg_stat_replication WHERE sync_state = 'sync'");
  return {
    primary,
    standby,
    separate: wire.refuse,
    rejoin: wire.mend,
    promote: () => ask(standby.url, "SELECT pg_promote() AS is"),
    [Symbol.asyncDispose]: async () => {
      await primary[Symbol.asyncDispose]();
      await standby[Symbol.asyncDispose]();
      await wire[Symbol.asyncDispose]();
    },
  };
}

/** Asks until the answer is yes. */
async function ask(url: string, question: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const began = Date.now(); Date.now() - began < WAITED_FOR_MS; ) {
      const { rows } = await client.query<{ is: boolean }>(question);
      if (rows[0]?.is) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`it never became true: ${question}`);
  } finally {
    await client.end();
  }
}
