import type { Records } from "../records/records.ts";
import { createAllAccountsStore } from "./all-accounts.ts";
import type { AllAccountsReads } from "./all-accounts-reads.ts";
import { createAuditLog } from "./audit-log.ts";
import type { AuditReads } from "./audit-reads.ts";
import { createAuditRunStore } from "./audit-runs.ts";
import { createBalanceAlertStore } from "./balance-alerts.ts";
import { createCatalogueStore } from "./catalogues.ts";
import { createChannelStore } from "./channels.ts";
import { createCodeStore } from "./codes.ts";
import { type CounterStore, createCounterStore } from "./counters.ts";
import { createDeleteExpired } from "./delete-expired.ts";
import { createDemoTradeStore } from "./demo-trades.ts";
import { createFormerLogStore } from "./former-logs.ts";
import { createGrantDayStore } from "./grant-days.ts";
import { createHistoryStore } from "./history.ts";
import { createKeyStore } from "./keys.ts";
import { createLeaseStore } from "./leases.ts";
import { createLinkStore } from "./links.ts";
import { createOrderStore } from "./orders.ts";
import { createPaymentStore } from "./payments.ts";
import type { ReferenceReads } from "./reference-reads.ts";
import { createReversalStore } from "./reversals.ts";
import { createReviewStore } from "./reviews.ts";
import { createSpendStore } from "./spend.ts";
import type { SpendReads } from "./spend-reads.ts";
import type { StatementReads } from "./statement-reads.ts";
import { createStatementStore } from "./statements.ts";
import { createStrayStore } from "./strays.ts";
import { createTotalStore } from "./totals.ts";
import { createUserStore } from "./users.ts";
import { createWebhookStore } from "./webhooks.ts";
import { createWriteAccess, type WriteAccess } from "./write-access.ts";

export type { AllAccountsStore, Outstanding } from "./all-accounts.ts";
export type { CreditsQuery, LocalCredits, QuarterRange } from "./all-accounts-reads.ts";
export type { AuditEvent, AuditEventFilter, AuditLog } from "./audit-log.ts";
export type { AuditStore } from "./audit-reads.ts";
export type { AuditRun } from "./audit-runs.ts";
export type { BalanceAlert, BalanceAlertStore, LowBalance, LowBalancePolicy } from "./balance-alerts.ts";
export type {
  CatalogueState,
  CatalogueStore,
  CatalogueVersion,
  CurrentCatalogues,
  NewCatalogue,
  Publication,
  PublishRefusal,
  WithdrawRefusal,
} from "./catalogues.ts";
export type { ChannelHealth, ChannelNews, ChannelStore } from "./channels.ts";
export type { DueClaim } from "./claim-due.ts";
export type {
  ClaimRefusal,
  CodeBatch,
  CodeClaim,
  CodeStore,
  NewCodeBatch,
  NewCodeClaim,
  StoredCode,
} from "./codes.ts";
export type { CounterStore, StoredCount } from "./counters.ts";
export type { DemoTrade, DemoTradeChange, DemoTradeStore, NewDemoTrade } from "./demo-trades.ts";
export type { FormerLog, FormerLogStore } from "./former-logs.ts";
export type { GrantDay, GrantDayStore } from "./grant-days.ts";
export type { HistoryStore, TransactionFilter } from "./history.ts";
export type { KeyFilter, KeyRefusal, KeyStore, KeyTerms, LiveLimit, NewServiceKey, ServiceKey } from "./keys.ts";
export type { LeaseStore } from "./leases.ts";
export type { LinkPurpose, LinkStore, LinkUse, OneTimeLink } from "./links.ts";
export type { EventSource, NewOrder, NewOrderEvent, Order, OrderEventRow, OrderSet } from "./order.ts";
export type { OrderFilter, OrderKey, OrderLimits, OrderRefusal, OrderStore } from "./orders.ts";
export type { OutgoingEvent } from "./outgoing-events.ts";
export type { Page } from "./page.ts";
export type { Author, Parties } from "./parties.ts";
export type { NewPayment, Payment, PaymentSet } from "./payment.ts";
export type {
  BeforePayment,
  PaymentChange,
  PaymentKey,
  PaymentOfOrder,
  PaymentRecord,
  PaymentStore,
} from "./payments.ts";
export type {
  NewReversal,
  Reversal,
  ReversalKey,
  ReversalOfPayment,
  ReversalRows,
  ReversalSet,
  ReversalStore,
} from "./reversals.ts";
export type { Review, ReviewBounds, ReviewKind, ReviewPosition, ReviewStore } from "./reviews.ts";
export type { SignIn } from "./sign-ins.ts";
export type { SpendStore } from "./spend.ts";
export type { LocalSpend, SpendCounts, SpendQuery, UnfedEntry } from "./spend-reads.ts";
export type { Month } from "./statement-bounds.ts";
export type { JournalPoint } from "./statement-reads.ts";
export type { NamedSum, StatementSums } from "./statement-sums.ts";
export type { AccountStatement, StatementStore } from "./statements.ts";
export type { Stray, StrayKey, StrayResolution, StrayStore } from "./strays.ts";
export type { AccountTotals, TotalStore } from "./totals.ts";
export type { User } from "./user.ts";
export type { UserFilter, UserPosition } from "./user-list.ts";
export type { AuthorRefusal, NewUser, UserChange, UserChangeRefusal, UserCreation, UserStore } from "./users.ts";
export type { EndpointRefusal, NewWebhookEndpoint, WebhookEndpoint } from "./webhook-endpoints.ts";
export type { DeliveryKey, DeliveryResult, WebhookDelivery, WebhookStore } from "./webhooks.ts";
export type { WriteAccess } from "./write-access.ts";

/** Every store but the ledger's: they are written once, over records. */
export type Stores = ReturnType<typeof createStores>;

/** What each database does in its own way. */
type OwnParts = {
  readonly addCount: CounterStore["add"];
  readonly auditReads: AuditReads;
  readonly spendReads: SpendReads;
  readonly statementReads: StatementReads;
  readonly allAccountsReads: AllAccountsReads;
  readonly referenceReads: ReferenceReads;
  readonly missingRights: WriteAccess["missingRights"];
};

/** Makes the stores of a database. */
export const createStores = (
  records: Records,
  { addCount, auditReads, missingRights, spendReads, statementReads, allAccountsReads, referenceReads }: OwnParts,
) => ({
  users: createUserStore(records),
  links: createLinkStore(records),
  keys: createKeyStore(records),
  auditLog: createAuditLog(records),
  balanceAlerts: createBalanceAlertStore(records),
  catalogues: createCatalogueStore(records),
  codes: createCodeStore(records),
  counters: createCounterStore(records, addCount),
  audit: { ...auditReads, ...createAuditRunStore(records) },
  grantDays: createGrantDayStore(records),
  history: createHistoryStore(records, referenceReads),
  formerLogs: createFormerLogStore(records),
  leases: createLeaseStore(records),
  spend: createSpendStore(records, spendReads),
  statements: createStatementStore(records, statementReads),
  totals: createTotalStore(records, statementReads),
  allAccounts: createAllAccountsStore(records, allAccountsReads),
  orders: createOrderStore(records),
  payments: createPaymentStore(records),
  reversals: createReversalStore(records),
  reviews: createReviewStore(records),
  strays: createStrayStore(records),
  channels: createChannelStore(records),
  demoTrades: createDemoTradeStore(records),
  deleteExpired: createDeleteExpired(records),
  webhooks: createWebhookStore(records),
  writeAccess: createWriteAccess(records, missingRights),
});
