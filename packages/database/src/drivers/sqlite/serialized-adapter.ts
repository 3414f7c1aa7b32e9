import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlResultSet,
  Transaction,
} from "@prisma/driver-adapter-utils";
import { pragmas } from "./durability.ts";
import { type FileAccess, WITHOUT_WAITING } from "./file-access.ts";

/**
 * Prisma's adapter has one connection and runs a plain query inside the transaction that is open on it: a read would see
 * uncommitted rows, and a write would be lost in the rollback of that transaction. This adapter serialises them: every query
 * waits until the open transaction has ended, and every write until the writers before it have.
 */
export class SerializedAdapterFactory implements SqlDriverAdapterFactory {
  readonly provider = "sqlite";
  readonly adapterName = "jifen-serialized-better-sqlite3";
  readonly #inner: PrismaBetterSqlite3;
  readonly #access: FileAccess;

  constructor(path: string, access: FileAccess) {
    this.#inner = new PrismaBetterSqlite3({ url: path });
    this.#access = access;
  }

  async connect(): Promise<SqlDriverAdapter> {
    const inner = await this.#inner.connect();
    await inner.executeScript(`${pragmas} PRAGMA ${WITHOUT_WAITING};`);
    return new SerializedAdapter(inner, this.#access);
  }
}

class SerializedAdapter implements SqlDriverAdapter {
  readonly provider = "sqlite";
  readonly adapterName = "jifen-serialized-better-sqlite3";
  readonly #inner: SqlDriverAdapter;
  readonly #access: FileAccess;

  constructor(inner: SqlDriverAdapter, access: FileAccess) {
    this.#inner = inner;
    this.#access = access;
  }

  queryRaw(query: SqlQuery): Promise<SqlResultSet> {
    return this.#access.statement(() => this.#inner.queryRaw(query), { isRead: /^\s*SELECT\b/i.test(query.sql) });
  }

  executeRaw(query: SqlQuery): Promise<number> {
    return this.#access.statement(() => this.#inner.executeRaw(query), { isRead: false });
  }

  executeScript(script: string): Promise<void> {
    return this.#access.statement(async () => this.#inner.executeScript(script), { isRead: false });
  }

  dispose(): Promise<void> {
    return this.#access.close(() => this.#inner.dispose());
  }

  /** IMMEDIATE: a transaction that begins with a read cannot always be upgraded to a write later. */
  async startTransaction(): Promise<Transaction> {
    const inner = this.#inner;
    const release = await this.#access.begin(async () => inner.executeScript("BEGIN IMMEDIATE"));
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
