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
 * Prisma's adapter has one connection and runs a plain query inside the transaction that is open on it: a read would see
 * uncommitted rows, and a write would be lost in the rollback of that transaction. This adapter serialises them: every query
 * waits until the open transaction has ended.
 */
export class SerializedAdapterFactory implements SqlDriverAdapterFactory {
  readonly provider = "sqlite";
  readonly adapterName = "jifen-serialized-better-sqlite3";
  readonly #inner: PrismaBetterSqlite3;
  readonly #mutex: Mutex;

  constructor(path: string, mutex: Mutex) {
    this.#inner = new PrismaBetterSqlite3({ url: path });
    this.#mutex = mutex;
  }

  async connect(): Promise<SqlDriverAdapter> {
    const inner = await this.#inner.connect();
    await inner.executeScript(pragmas);
    return new SerializedAdapter(inner, this.#mutex);
  }
}

class SerializedAdapter implements SqlDriverAdapter {
  readonly provider = "sqlite";
  readonly adapterName = "jifen-serialized-better-sqlite3";
  readonly #inner: SqlDriverAdapter;
  readonly #mutex: Mutex;

  constructor(inner: SqlDriverAdapter, mutex: Mutex) {
    this.#inner = inner;
    this.#mutex = mutex;
  }

  queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    return this.#mutex.runExclusive(() => this.#inner.queryRaw(query));
  }

  executeRaw(query: SqlQuery): Promise<number> {
    return this.#mutex.runExclusive(() => this.#inner.executeRaw(query));
  }

  executeScript(script: string): Promise<void> {
    return this.#mutex.runExclusive(() => this.#inner.executeScript(script));
  }

  dispose(): Promise<void> {
    return this.#mutex.runExclusive(() => this.#inner.dispose());
  }

  /** IMMEDIATE: a transaction that begins with a read cannot always be upgraded to a write later. */
  async startTransaction(): Promise<Transaction> {
    const release = await this.#mutex.acquire();
    const inner = this.#inner;
    try {
      await inner.executeScript("BEGIN IMMEDIATE");
    } catch (error) {
      release();
      throw error;
    }
    const savepoint = (sql: string) => inner.executeScript(sql);
    return {
      provider: this.provider,
      adapterName: this.adapterName,
      options: { usePhantomQuery: false },
      queryRaw: (query) => inner.queryRaw(query),
      executeRaw: (query) => inner.executeRaw(query),
      commit: async () => release(),
      rollback: async () => {
        await rollBack(inner);
        release();
      },
      createSavepoint: (name) => savepoint(`SAVEPOINT ${name}`),
      rollbackToSavepoint: (name) => savepoint(`ROLLBACK TO ${name}`),
      releaseSavepoint: (name) => savepoint(`RELEASE SAVEPOINT ${name}`),
    };
  }
}

/** Prisma has sent ROLLBACK already, except after a failed COMMIT, which leaves the transaction open. */
async function rollBack(inner: SqlDriverAdapter): Promise<void> {
  try {
    await inner.executeScript("ROLLBACK");
  } catch {
    // No transaction was open.
  }
}
