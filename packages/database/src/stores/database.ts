import type { LedgerStore } from "@jifen/ledger";
import type { TableCopier } from "../transfer/table-copier.ts";
import type { DatabaseTarget } from "../url.ts";
import type { AuditLog } from "./audit-log.ts";
import type { AuditStore } from "./audit-reads.ts";
import type { CounterStore } from "./counters.ts";
import type { HistoryStore } from "./history.ts";
import type { KeyStore } from "./keys.ts";
import type { LinkStore } from "./links.ts";
import type { LogStore } from "./logs.ts";
import type { UserStore } from "./users.ts";

/** One open database: its stores, and its life cycle. */
export type Database = {
  readonly kind: DatabaseTarget["kind"];
  readonly users: UserStore;
  readonly links: LinkStore;
  readonly keys: KeyStore;
  readonly auditLog: AuditLog;
  readonly counters: CounterStore;
  readonly ledger: LedgerStore;
  /** How many batches of ledger commands it takes at once. */
  readonly ledgerShards: number;
  readonly history: HistoryStore;
  readonly logs: LogStore;
  readonly audit: AuditStore;
  readonly tableCopier: TableCopier;
  /** Deletes links, counters and ended sessions whose time is over. */
  deleteExpired(nowMs: number): Promise<void>;
  /** Resolves when the database answers. @throws DatabaseUnavailable */
  ping(): Promise<void>;
  /**
   * Waits no longer for a database that has stopped without a word: every question that is unanswered fails at once, and
   * says whether it may have had an effect. The next ones are asked over new connections.
   */
  abortInFlight(): Promise<void>;
  /** Waits for what is running, then lets go of every connection. */
  close(): Promise<void>;
};
