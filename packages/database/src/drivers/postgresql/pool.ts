import { setImmediate } from "node:timers/promises";
import pg from "pg";
import { afterConnectionLoss } from "../../errors/failure.ts";
import { Client } from "./client.ts";
import { detectUnreplicatedCommit, RECEIVE_WARNINGS } from "./unreplicated-commit.ts";

/**
 * The ledger finds every row by its key, through array parameters whose length the planner cannot know. By default the
 * planner would scan whole tables, or, without statistics, every row of a busy account. It would also plan each statement
 * again for new arrays, which takes longer than the execution and results in the same plan.
 */
const INDEX_SCANS_ONLY = [
  "plan_cache_mode=force_generic_plan",
  ...["seqscan", "bitmapscan", "hashjoin", "mergejoin"].map((method) => `enable_${method}=off`),
]
  .map((setting) => `-c ${setting}`)
  .join(" ");

/** Appends to the `options` of the URL: the driver takes the options of the URL or of the configuration, never both. */
function withOptions(url: string, options: string): string {
  const changed = new URL(url);
  changed.searchParams.set("options", `${changed.searchParams.get("options") ?? ""} ${options}`.trim());
  return changed.href;
}

/** Connections to PostgreSQL. */
export type Pool = pg.Pool & {
  /** Closes every connection and fails every call that waits for an answer or a connection. */
  abortInFlight(): Promise<void>;
};

/**
 * Creates a pool in which every wait has a timeout: for a connection, for a lock, for a statement on the server, and for an
 * answer of a server that stopped responding.
 * @param options.use the statements of the ledger use index scans only and are pipelined
 */
export function createPool(url: string, options: { readonly max: number; readonly use: "ledger" | "records" }): Pool {
  const clients = new Set<Client>();
  class TrackedClient extends Client {
    constructor(config: pg.ClientConfig) {
      super(config);
      clients.add(this);
      this.once("end", () => clients.delete(this));
    }
  }
  const isLedger = options.use === "ledger";
  const pool = new pg.Pool({
    Client: TrackedClient as unknown as new () => Client,
    connectionString: withOptions(url, isLedger ? `${RECEIVE_WARNINGS} ${INDEX_SCANS_ONLY}` : RECEIVE_WARNINGS),
    application_name: "jifen",
    max: options.max,
    pipeline: isLedger,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    lock_timeout: 3_000,
    statement_timeout: 5_000,
    query_timeout: 8_000,
    idle_in_transaction_session_timeout: 10_000,
  });
  // A connection that breaks also fails its current query, and the pool removes it. An error event without a listener
  // would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    const tracked = client as pg.PoolClient & TrackedClient;
    tracked.isOpen = true;
    detectUnreplicatedCommit(tracked);
  });
  const abortInFlight = async () => {
    // Each aborted client makes room for a waiting caller, which opens another client that has to be aborted as well.
    for (let left = pool.waitingCount; left >= 0 && clients.size > 0; left -= 1) {
      for (const client of clients) client.abortInFlight();
      await setImmediate();
    }
  };
  return Object.assign(pool, { abortInFlight });
}

/** Runs `work` on a connection of its own, without statement timeouts. @throws DatabaseUnavailable */
export async function withConnection<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "jifen-start",
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks also fails its current statement. An error event without a listener would end the process.
  client.on("error", () => undefined);
  await client.connect().catch(afterConnectionLoss("nothing written"));
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
