import type { AccountId } from "@jifen/core";

/**
 * The shard that stores an account. All accounts of one commit belong to one shard. Rejects with DatabaseUnavailable.
 * @returns a promise when the database has to be asked
 */
export type ShardOf = (accountId: AccountId) => number | Promise<number>;

/**
 * How accounts are divided. A number, 1 to 16: the database can commit any accounts together, and this many batches are
 * committed concurrently. A function: the database distributes accounts over shards.
 */
export type Shards = number | ShardOf;

/** FNV-1a hash: an account always belongs to the same shard, so that no two batches of one process lock the same row. */
function hashedShardOf(accountId: AccountId, shards: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < accountId.length; at += 1) hash = Math.imul(hash ^ accountId.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % shards;
}

/** The shard in whose queue the commands of an account wait. */
export const queueShardOf = (shards: Shards): ShardOf =>
  typeof shards === "number" ? (accountId) => hashedShardOf(accountId, shards) : shards;

/** The shard with whose accounts an account may be read and committed together. */
export const storedShardOf = (shards: Shards): ShardOf => (typeof shards === "number" ? () => 0 : shards);

/** One instance for each shard, created when it is first needed. */
export function perShard<Instance>(
  shardOf: ShardOf,
  create: () => Instance,
): (accountId: AccountId) => Instance | Promise<Instance> {
  const instances = new Map<number, Instance>();
  const instanceOf = (shard: number): Instance => {
    const existing = instances.get(shard);
    if (existing !== undefined) return existing;
    const created = create();
    instances.set(shard, created);
    return created;
  };
  return (accountId) => {
    const shard = shardOf(accountId);
    return typeof shard === "number" ? instanceOf(shard) : shard.then(instanceOf);
  };
}

/** Groups accounts by their shard. */
export async function groupByShard(
  shardOf: ShardOf,
  accountIds: readonly AccountId[],
): Promise<readonly (readonly AccountId[])[]> {
  const shards = await Promise.all(accountIds.map((id) => shardOf(id)));
  return [...Map.groupBy(accountIds.entries(), ([at]) => shards[at]).values()].map((group) =>
    group.map(([, id]) => id),
  );
}
