import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlResultSet,
  Transaction,
} from "@prisma/driver-adapter-utils";
import type { Mutex } from "async-mutex";
import { pragmas } from "./durability.ts";

/**
 * Prisma's adapter has one connection and runs a plain query inside whatever transaction is open on it:
 * a read would see uncommitted rows, and a write would vanish with a rollback that is not its own.
 * Here every use of the connection waits for the open transaction to end.
 */
export class SerializedAdapterFactory implements SqlDriverAdapterFactory {
  readonly provider = "sqlite";
  readonly adapterName = "jifen-turn-taking-better-sqlite3";
  readonly #inner: PrismaBetterSqlite3;
  readonly #turns: Mutex;

  constructor(path: string, turns: Mutex) {
    this.#inner = new PrismaBetterSqlite3({ url: path });
    this.#turns = turns;
  }

  async connect(): Promise<SqlDriverAdapter> {
    const inner = await this.#inner.connect();
    await inner.executeScript(pragmas);
    return new SerializedAdapter(inner, this.#turns);
  }
}

class SerializedAdapter implements SqlDriverAdapter {
  readonly provider = "sqlite";
  readonly adapterName = "jifen-turn-taking-better-sqlite3";
  readonly #inner: SqlDriverAdapter;
  readonly #turns: Mutex;

  constructor(inner: SqlDriverAdapter, turns: Mutex) {
    this.#inner = inner;
    this.#turns = turns;
  }

  queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    return this.#turns.runExclusive(() => this.#inner.queryRaw(query));
  }

  executeRaw(query: SqlQuery): Promise<number> {
    return this.#turns.runExclusive(() => this.#inner.executeRaw(query));
  }

  executeScript(script: string): Promise<void> {
    return this.#turns.runExclusive(() => this.#inner.executeScript(script));
  }

  dispose(): Promise<void> {
    return this.#turns.runExclusive(() => this.#inner.dispose());
  }

  /** IMMEDIATE: a transaction that begins by reading could not be turned into a writing one later. */
  async startTransaction(): Promise<Transaction> {
    const endTurn = await this.#turns.acquire();
    const inner = this.#inner;
    try {
      await inner.executeScript("BEGIN IMMEDIATE");
    } catch (error) {
      endTurn();
      throw error;
    }
    const savepoint = (sql: string) => inner.executeScript(sql);
    return {
      provider: this.provider,
      adapterName: this.adapterName,
      options: { usePhantomQuery: false },
      queryRaw: (query) => inner.queryRaw(query),
      executeRaw: (query) => inner.executeRaw(query),
      commit: async () => endTurn(),
      rollback: async () => {
        await undo(inner);
        endTurn();
      },
      createSavepoint: (name) => savepoint(`SAVEPOINT ${name}`),
      rollbackToSavepoint: (name) => savepoint(`ROLLBACK TO ${name}`),
      releaseSavepoint: (name) => savepoint(`RELEASE SAVEPOINT ${name}`),
    };
  }
}

/** Prisma has sent ROLLBACK by now, except after a COMMIT that failed: SQLite then leaves the transaction open. */
async function undo(inner: SqlDriverAdapter): Promise<void> {
  try {
    await inner.executeScript("ROLLBACK");
  } catch {
    // There was no transaction any more.
  }
}
