import pg from "pg";
import { distrustUnreplicated, HEARS_WARNINGS } from "./unreplicated.ts";

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

/**
 * Every wait has an end: for a connection, for a lock, for a statement on the server, and for an
 * answer when the server has stopped without a word.
 * @param options.use the ledger's statements go by keys alone, and travel without waiting for the answers before them
 */
export function createPool(
  url: string,
  options: { readonly max: number; readonly use: "ledger" | "records" },
): pg.Pool {
  const isLedger = options.use === "ledger";
  const pool = new pg.Pool({
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
    distrustUnreplicated(client as pg.PoolClient & pg.Client);
  });
  return pool;
}
