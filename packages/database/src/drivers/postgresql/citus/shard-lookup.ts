import type { AccountId } from "@jifen/core";
import type pg from "pg";
import { afterConnectionLoss } from "../../../errors/failure.ts";

/** How many accounts are remembered, some hundred bytes each. */
const REMEMBERED = 100_000;

type Waiting = Map<AccountId, PromiseWithResolvers<number>>;

/**
 * Finds the shard of an account by asking Citus, once for each account. Calls that arrive during a query share the next one.
 * @returns the id of the shard of `accounts`. A promise of it rejects with DatabaseUnavailable
 */
export class ShardLookup {
  readonly #pool: pg.Pool;
  readonly #known = new Map<AccountId, number>();
  #waiting: Waiting = new Map();
  #isRunning = false;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  shardOf(accountId: AccountId): number | Promise<number> {
    const known = this.#known.get(accountId);
    if (known !== undefined) return known;
    const waiting = this.#waiting.get(accountId) ?? Promise.withResolvers<number>();
    this.#waiting.set(accountId, waiting);
    if (!this.#isRunning) void this.#drain();
    return waiting.promise;
  }

  /** Forgets everything: shards have been split. */
  clear(): void {
    this.#known.clear();
  }

  async #drain(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.size > 0) {
      const batch = this.#waiting;
      this.#waiting = new Map();
      await this.#answer(batch).catch((error: unknown) => {
        for (const { reject } of batch.values()) reject(error);
      });
    }
    this.#isRunning = false;
  }

  async #answer(batch: Waiting): Promise<void> {
    const { rows } = await this.#pool
      .query<{ id: AccountId; shard: string }>(
        `SELECT id, get_shard_id_for_distribution_column('accounts', id) AS shard FROM unnest($1::text[]) AS id`,
        [[...batch.keys()]],
      )
      .catch(afterConnectionLoss("nothing written"));
    for (const { id, shard } of rows) {
      this.#remember(id, Number(shard));
      batch.get(id)?.resolve(Number(shard));
    }
  }

  /** Forgets the account that was looked up first. */
  #remember(accountId: AccountId, shard: number): void {
    if (this.#known.size >= REMEMBERED) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.set(accountId, shard);
  }
}
