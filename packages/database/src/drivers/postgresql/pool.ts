import { setImmediate } from "node:timers/promises";
import pg from "pg";
import { Client } from "./client.ts";
import { detectUnreplicatedCommit, HEARS_WARNINGS } from "./unreplicated-commit.ts";

/**
 * The ledger finds every row by its key, in arrays whose length the planner cannot know: left alone, it reads whole
 * tables for them, or, before it has counted them, every row of a busy account. It would also plan each statement anew
 * for the arrays that it is given, which takes longer than running it, and come to the same plan.
 */
const BY_KEY_ONLY = [
  "plan_cache_mode=force_generic_plan",
  ...["seqscan", "bitmapscan", "hashjoin", "mergejoin"].map((way) => `enable_${way}=off`),
]
  .map((setting) => `-c ${setting}`)
  .join(" ");

/** What the URL's own `options` say stays said: the driver would take them, or ours, and never both. */
function withOptions(url: string, options: string): string {
  const changed = new URL(url);
  changed.searchParams.set("options", `${changed.searchParams.get("options") ?? ""} ${options}`.trim());
  return changed.href;
}

/** Connections to PostgreSQL. */
export type Pool = pg.Pool & {
  /** Gives up every connection, and every wait for one. */
  abortInFlight(): Promise<void>;
};

/**
 * Every wait has an end: for a connection, for a lock, for a statement on the server, and for an
 * answer when the server has stopped without a word.
 * @param options.use the ledger's statements go by keys alone, and travel without waiting for the answers before them
 */
export function createPool(url: string, options: { readonly max: number; readonly use: "ledger" | "records" }): Pool {
  const clients = new Set<Client>();
  class Known extends Client {
    constructor(config: pg.ClientConfig) {
      super(config);
      clients.add(this);
      this.once("end", () => clients.delete(this));
    }
  }
  const isLedger = options.use === "ledger";
  const pool = new pg.Pool({
    Client: Known as unknown as new () => Client,
    connectionString: withOptions(url, isLedger ? `${HEARS_WARNINGS} ${BY_KEY_ONLY}` : HEARS_WARNINGS),
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
  // A connection that breaks also fails the query it was running, and the pool drops it: nothing is left to do,
  // but an error event that nobody listens to would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    const known = client as pg.PoolClient & Known;
    known.isOpen = true;
    detectUnreplicatedCommit(known);
  });
  const abortInFlight = async () => {
    // Each that is given up makes room for those who wait: they try to connect, and are given up as well.
    for (let left = pool.waitingCount; left >= 0 && clients.size > 0; left -= 1) {
      for (const client of clients) client.abortInFlight();
      await setImmediate();
    }
  };
  return Object.assign(pool, { abortInFlight });
}
