import { setImmediate } from "node:timers/promises";
import pg from "pg";
import type { PoolUse } from "../../stores/pool-use.ts";
import { Client, type ClientOptions } from "./client.ts";
import { connectFirst } from "./connect.ts";
import { assertTransactions, isBehindPooler } from "./pooler.ts";
import { resolveSchema } from "./schema.ts";
import { type SessionSettings, sessionSettings } from "./session.ts";
import { setStatements, startupOptions } from "./settings.ts";
import { parsePostgresqlUrl } from "./target.ts";
import { setInEachTransaction } from "./transaction-settings.ts";
import { detectUnreplicatedCommit } from "./unreplicated-commit.ts";

/** How to connect to one database, and what each session needs: found out once, before anything is changed. */
export type Route = SessionSettings & { readonly options: ClientOptions };

/** Connections to PostgreSQL. */
export type Pool = pg.Pool & {
  /** Closes every connection and fails every call that waits for an answer or a connection. */
  abortInFlight(): Promise<void>;
};

/** How busy a pool is. */
export const useOf = ({ totalCount, idleCount, waitingCount }: pg.Pool): PoolUse => ({
  busy: totalCount - idleCount,
  idle: idleCount,
  waiting: waitingCount,
});

/** What a connection is used for. */
type Use = "ledger" | "records" | "logs" | "distributed logs";

/** A session of its own gets the settings when it starts; one of a pooler gets them in each transaction. */
function withSettings(route: Route, use: Use): ClientOptions {
  const { options, isPooled } = route;
  if (isPooled) return options;
  const settings = startupOptions(sessionSettings(route, use));
  return { ...options, options: `${options.options ?? ""} ${settings}`.trim() };
}

/**
 * Creates a pool in which every wait has a timeout: for a connection, for a lock, for a statement on the server, and for an
 * answer of a server that stopped responding.
 * @param options.use the statements of the ledger and of the logs are pipelined, and use the indexes that they are made for
 */
export function createPool(route: Route, { max, use }: { max: number; use: Use }): Pool {
  const clients = new Set<Client>();
  class TrackedClient extends Client {
    constructor(config: ClientOptions) {
      super(config);
      clients.add(this);
      this.once("end", () => clients.delete(this));
    }
  }
  const pool = new pg.Pool({
    ...withSettings(route, use),
    Client: TrackedClient as unknown as new () => Client,
    max,
    pipeline: use !== "records" || route.isPooled,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    query_timeout: 8_000,
  });
  // A connection that breaks also fails its current query, and the pool removes it. An error event without a listener
  // would end the process.
  pool.on("error", () => undefined);
  const inTransactions = setStatements("LOCAL", sessionSettings(route, use));
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    const tracked = client as pg.PoolClient & TrackedClient;
    tracked.isOpen = true;
    if (route.isPooled) setInEachTransaction(tracked, inTransactions);
    detectUnreplicatedCommit(tracked);
  });
  pool.connect = connectingOrUnsent(pool);
  const abortInFlight = async () => {
    // Each aborted client makes room for a waiting caller, which opens another client that has to be aborted as well.
    for (let left = pool.waitingCount; left >= 0 && clients.size > 0; left -= 1) {
      for (const client of clients) client.abortInFlight();
      await setImmediate();
    }
  };
  return Object.assign(pool, { abortInFlight });
}

type Connected = Parameters<Parameters<pg.Pool["connect"]>[0]>;

/**
 * `connect` whose errors say that nothing was sent, whatever the server or a pooler before it answered: the code alone, such
 * as 08P01 of PgBouncer without a free connection, does not tell it from a connection that broke later.
 */
function connectingOrUnsent(pool: pg.Pool): pg.Pool["connect"] {
  const connect = pool.connect.bind(pool);
  const unsent = (cause: unknown) =>
    Object.assign(new Error("no connection is available", { cause }), { syscall: "connect" });
  const connected = (callback?: (...args: Connected) => void) => {
    if (!callback) return connect().catch((error: unknown) => Promise.reject(unsent(error)));
    return connect((error, client, done) => callback(error && unsent(error), client, done));
  };
  return connected as pg.Pool["connect"];
}

/**
 * Runs `work` on a connection of its own, without statement timeouts. Finds out before how to use the database.
 * @throws DatabaseUnavailable, UnusableDatabase, UnsupportedDatabaseUrl
 */
export async function withConnection<Result>(
  url: string,
  work: (client: Client, route: Route) => Promise<Result>,
): Promise<Result> {
  const target = parsePostgresqlUrl(url);
  const { client, options } = await connectFirst(target);
  try {
    const isPooled = target.isPooled || (await isBehindPooler(client, options));
    if (isPooled) await assertTransactions(client);
    const route = { options, isPooled, settings: target.settings, schema: await resolveSchema(client, target) };
    const settings = sessionSettings(route, "start");
    if (isPooled) setInEachTransaction(client, setStatements("LOCAL", settings));
    else await client.query(setStatements("SESSION", settings));
    return await work(client, route);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Finds out how to use the database. @throws as `withConnection` */
export const findRoute = (url: string): Promise<Route> => withConnection(url, async (_, route) => route);
