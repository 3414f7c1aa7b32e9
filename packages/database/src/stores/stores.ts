import type { Records } from "../records/records.ts";
import { createAuditLog } from "./audit-log.ts";
import type { AuditReads } from "./audit-reads.ts";
import { createAuditRunStore } from "./audit-runs.ts";
import { type CounterStore, createCounterStore } from "./counters.ts";
import { createDeleteExpired } from "./delete-expired.ts";
import { createFormerLogStore } from "./former-logs.ts";
import { createHistoryStore } from "./history.ts";
import { createKeyStore } from "./keys.ts";
import { createLeaseStore } from "./leases.ts";
import { createLinkStore } from "./links.ts";
import { createSpendStore } from "./spend.ts";
import type { SpendReads } from "./spend-reads.ts";
import { createUserStore } from "./users.ts";
import { createWriteAccess, type WriteAccess } from "./write-access.ts";

export type { AuditEvent, AuditEventFilter, AuditLog } from "./audit-log.ts";
export type { AuditStore } from "./audit-reads.ts";
export type { AuditRun } from "./audit-runs.ts";
export type { CounterStore, StoredCount } from "./counters.ts";
export type { FormerLog, FormerLogStore } from "./former-logs.ts";
export type { HistoryStore, Page, TransactionFilter } from "./history.ts";
export type { KeyRefusal, KeyStore, LiveLimit, NewServiceKey, ServiceKey } from "./keys.ts";
export type { LeaseStore } from "./leases.ts";
export type { LinkPurpose, LinkStore, LinkUse, OneTimeLink } from "./links.ts";
export type { Author, Parties } from "./parties.ts";
export type { SpendStore } from "./spend.ts";
export type { LocalSpend, SpendCounts, SpendQuery, UnfedEntry } from "./spend-reads.ts";
export type { User } from "./user.ts";
export type { AuthorRefusal, NewUser, UserChange, UserChangeRefusal, UserCreation, UserStore } from "./users.ts";
export type { WriteAccess } from "./write-access.ts";

/** Every store but the ledger's: they are written once, over records. */
export type Stores = ReturnType<typeof createStores>;

/** What each database does in its own way. */
type OwnParts = {
  readonly addCount: CounterStore["add"];
  readonly auditReads: AuditReads;
  readonly spendReads: SpendReads;
  readonly missingRights: WriteAccess["missingRights"];
};

/** Makes the stores of a database. */
export const createStores = (records: Records, { addCount, auditReads, missingRights, spendReads }: OwnParts) => ({
  users: createUserStore(records),
  links: createLinkStore(records),
  keys: createKeyStore(records),
  auditLog: createAuditLog(records),
  counters: createCounterStore(records, addCount),
  audit: { ...auditReads, ...createAuditRunStore(records) },
  history: createHistoryStore(records),
  formerLogs: createFormerLogStore(records),
  leases: createLeaseStore(records),
  spend: createSpendStore(records, spendReads),
  deleteExpired: createDeleteExpired(records),
  writeAccess: createWriteAccess(records, missingRights),
});
