import { type AccountId, invariant } from "@jifen/core";
import { CircuitOpen, DatabaseUnavailable, type LedgerStore, type ShardOf } from "@jifen/ledger";
import type pg from "pg";
import { type PoolUse, sumOfPools } from "../../../stores/pool-use.ts";
import { createLedgerStatements } from "../ledger-statements.ts";
import { createPostgresqlLedgerStore, type SiteLedgerStore } from "../ledger-store.ts";
import { useOf } from "../pool.ts";
import type { NodeConnection } from "./node-connection.ts";
import { isMoved, tableNamesOf } from "./shard-guard.ts";
import { ShardLookup } from "./shard-lookup.ts";
import { type Node, readShards, type Shard } from "./shards.ts";

/** How often a call follows a shard that moves. */
const MAX_MOVES = 5;

/** What the ledger of a cluster needs. */
export type ClusterDeps = {
  readonly coordinator: pg.Pool;
  readonly schema: string;
  /** Connects to a node. */
  readonly openNode: (node: Node) => Promise<NodeConnection>;
};

/** The ledger of a database that Citus distributes. */
export type ClusterLedger = LedgerStore & {
  /** The shard that stores an account. */
  readonly shardOf: ShardOf;
  /** How busy the connections to all nodes are. */
  use(): PoolUse;
  /** Sends a ping to each node, and fails the calls that wait for a node that does not answer. */
  checkNodes(): void;
  abortInFlight(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens the ledger on the nodes that store its accounts. Each shard is a ledger of its own, on the node of the shard and
 * with the statements of an undistributed database: the coordinator is asked where accounts are, and takes no part in
 * spending. A call whose shard has moved is repeated on the new node, because the old node has refused it.
 */
export async function openClusterLedger(deps: ClusterDeps): Promise<ClusterLedger> {
  const ledger = new Cluster(deps);
  await ledger.open();
  return {
    shardOf: (accountId) => ledger.shardOf(accountId),
    commit: (readSet, decide) => ledger.onShardOf(readSet.accountIds, (store) => store.commit(readSet, decide)),
    readAccounts: (accountIds) => ledger.onShardOf(accountIds, (store) => store.readAccounts(accountIds)),
    findExpiredAccounts: (limit) => ledger.findExpiredAccounts(limit),
    use: () => ledger.use(),
    checkNodes: () => ledger.checkNodes(),
    abortInFlight: () => ledger.abortInFlight(),
    close: () => ledger.close(),
  };
}

/** The ledger of one shard, and its node. */
type ShardLedger = { readonly store: SiteLedgerStore; readonly address: string; readonly node: NodeConnection };

const addressOf = ({ host, port }: Node): string => `${host}:${port}`;

class Cluster {
  readonly #deps: ClusterDeps;
  readonly #lookup: ShardLookup;
  readonly #nodes = new Map<string, NodeConnection>();
  #shards = new Map<number, ShardLedger>();
  #refreshing: Promise<void> | undefined;

  constructor(deps: ClusterDeps) {
    this.#deps = deps;
    this.#lookup = new ShardLookup(deps.coordinator);
  }

  shardOf(accountId: AccountId): number | Promise<number> {
    return this.#lookup.shardOf(accountId);
  }

  /** Reads the shards and connects to their nodes. @throws as `openNode` */
  async open(): Promise<void> {
    const shards = await this.#readShards();
    for (const { node } of shards) await this.#nodeAt(node);
    this.#shards = await this.#ledgersOf(shards);
  }

  /** Reads the shards again. Concurrent calls share one read. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    const shards = await this.#readShards();
    // A shard that is gone has been split: its accounts are in others.
    if ([...this.#shards.keys()].some((id) => !shards.some((shard) => shard.id === id))) this.#lookup.clear();
    this.#shards = await this.#ledgersOf(shards);
  }

  #readShards(): Promise<readonly Shard[]> {
    const { coordinator, schema } = this.#deps;
    return readShards(coordinator, schema).catch((cause: unknown) => {
      throw new DatabaseUnavailable("the shards are unknown", { cause });
    });
  }

  /** The ledgers of all shards whose nodes can be reached. */
  async #ledgersOf(shards: readonly Shard[]): Promise<Map<number, ShardLedger>> {
    const ledgers = new Map<number, ShardLedger>();
    for (const [address, some] of Map.groupBy(shards, (shard) => addressOf(shard.node))) {
      const node = await this.#nodeAt((some[0] as Shard).node).catch(() => undefined);
      if (node === undefined) continue;
      for (const shard of some) ledgers.set(shard.id, this.#ledgerOf(shard, { address, node }));
    }
    return ledgers;
  }

  /** A ledger whose shard has not moved is kept: it knows the statements that it has prepared. */
  #ledgerOf(shard: Shard, at: Pick<ShardLedger, "address" | "node">): ShardLedger {
    const known = this.#shards.get(shard.id);
    if (known?.address === at.address) return known;
    const statements = createLedgerStatements(tableNamesOf(shard));
    return { ...at, store: createPostgresqlLedgerStore({ pool: at.node.pool, statements }) };
  }

  async #nodeAt(node: Node): Promise<NodeConnection> {
    const address = addressOf(node);
    const connection = this.#nodes.get(address) ?? (await this.#deps.openNode(node));
    this.#nodes.set(address, connection);
    return connection;
  }

  /** Calls the ledger of the shard to which all of the accounts belong. */
  async onShardOf<Result>(
    accountIds: readonly AccountId[],
    call: (store: SiteLedgerStore) => Promise<Result>,
  ): Promise<Result> {
    const shard = await this.#onlyShardOf(accountIds);
    for (let moves = 0; ; moves += 1) {
      const ledger = this.#shards.get(shard);
      try {
        if (ledger === undefined) throw new DatabaseUnavailable("the shard does not exist any more");
        if (ledger.node.isSilent) throw new CircuitOpen("the node of the shard does not answer");
        return await call(ledger.store);
      } catch (error) {
        if (!isMoved(error) || moves === MAX_MOVES) throw await this.#afterFailure(error);
        await this.refresh();
      }
    }
  }

  /** Accounts of a batch can be in two shards when their shard was split after the batch had been formed. */
  async #onlyShardOf(accountIds: readonly AccountId[]): Promise<number> {
    const shards = new Set<number>();
    for (const id of new Set(accountIds)) {
      const shard = this.shardOf(id);
      shards.add(typeof shard === "number" ? shard : await shard);
    }
    const [only] = accountIds.length === 0 && this.#shards.size === 1 ? this.#shards.keys() : shards;
    invariant(only !== undefined, "the call names no account, and there are several shards");
    if (shards.size > 1) throw new DatabaseUnavailable("the accounts are in several shards");
    return only;
  }

  /** A node that cannot be reached may have got another address, and a shard that is missing may have been split. */
  async #afterFailure(error: unknown): Promise<unknown> {
    if (error instanceof DatabaseUnavailable && !(error instanceof CircuitOpen))
      await this.refresh().catch(() => undefined);
    return isMoved(error) ? new DatabaseUnavailable("the shard is moving", { cause: error }) : error;
  }

  /** The earliest of all shards. A node that cannot be reached does not hide the accounts of the others. */
  async findExpiredAccounts(limit: number): Promise<readonly AccountId[]> {
    const answering = [...this.#shards.values()].filter(({ node }) => !node.isSilent);
    const stores = answering.map(({ store }) => store.findExpired(limit));
    const found = await Promise.allSettled(stores);
    const failed = found.find((each) => each.status === "rejected");
    const expired = found.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    if (failed !== undefined) await this.refresh();
    if (failed !== undefined && expired.length === 0) throw failed.reason;
    return expired
      .toSorted((one, other) => one.expiredMs - other.expiredMs)
      .slice(0, limit)
      .map(({ id }) => id);
  }

  use(): PoolUse {
    return sumOfPools([...this.#nodes.values()].map(({ pool }) => useOf(pool)));
  }

  checkNodes(): void {
    for (const node of this.#nodes.values()) node.check();
  }

  async abortInFlight(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.abortInFlight()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.end()));
  }
}
