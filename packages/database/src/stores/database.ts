import type { LedgerStore, Shards } from "@jifen/ledger";
import type { LogStore } from "../logs/log-store.ts";
import type { NoticeChannel } from "../notices/notice-channel.ts";
import type { TableCopier } from "../transfer/table-copier.ts";
import type { DatabaseTarget } from "../url.ts";
import type { PoolName, PoolUse } from "./pool-use.ts";
import type { Stores } from "./stores.ts";

/** One open database: its stores, and its life cycle. */
export type Database = Stores & {
  readonly kind: DatabaseTarget["kind"];
  readonly ledger: LedgerStore;
  /** How the ledger's accounts are divided. */
  readonly ledgerShards: Shards;
  readonly tableCopier: TableCopier;
  readonly logs: LogStore;
  /** Tells other processes what is new. It connects when it is first used. */
  readonly notices: NoticeChannel;
  /** How busy the connections of this process are, by pool. A file has none. */
  poolUse(): Readonly<Partial<Record<PoolName, PoolUse>>>;
  /** Resolves when the database answers. @throws DatabaseUnavailable */
  ping(): Promise<void>;
  /**
   * Ends every pending call when the database has stopped responding: each fails immediately, with DatabaseUnavailable, or
   * with OutcomeUnknown if it can have had an effect. Later calls use new connections.
   */
  abortInFlight(): Promise<void>;
  /** Waits for running calls, then closes every connection. */
  close(): Promise<void>;
};
