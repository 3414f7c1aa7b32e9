import { describeOn, promise } from "@jifen/testkit";
import { describe } from "vitest";
import { describeAllAccounts } from "./all-accounts-suite.ts";
import { describeAudit } from "./audit-suite.ts";
import { describeBalanceAlerts } from "./balance-alerts-suite.ts";
import { describeCallLogCursors } from "./call-log-cursors-suite.ts";
import { describeCallLogLists } from "./call-log-lists-suite.ts";
import { describeCallLogOldestFirst } from "./call-log-oldest-suite.ts";
import { describeCallLog } from "./call-log-suite.ts";
import { describeCatalogues } from "./catalogues-suite.ts";
import { describeCodes } from "./codes-suite.ts";
import { describeConcurrency } from "./concurrency-suite.ts";
import { describeCounters } from "./counters-suite.ts";
import { describeExactValues } from "./exact-values-suite.ts";
import { describeExtraWrites } from "./extra-writes-suite.ts";
import { describeGuardRails } from "./guard-rails-suite.ts";
import { describeHistory } from "./history-suite.ts";
import { describeIdentity } from "./identity-suite.ts";
import { describeKeys } from "./keys-suite.ts";
import { describeLedgerStore } from "./ledger-store-suite.ts";
import { describeLinks } from "./links-suite.ts";
import { describeLiveReads } from "./live-reads-suite.ts";
import { describeLogKeeping } from "./log-keeping-suite.ts";
import { describeOpenHolds } from "./open-holds-suite.ts";
import { describeOrders } from "./orders-suite.ts";
import { describePayments } from "./payments-suite.ts";
import { describeReads } from "./reads-suite.ts";
import { describeReversals } from "./reversals-suite.ts";
import { describeReviews } from "./reviews-suite.ts";
import { describeSnapshots } from "./snapshot-suite.ts";
import { describeSpend } from "./spend-suite.ts";
import { captureStores, describeStatementsOnShards } from "./statements-on-shards-suite.ts";
import { describeStatements } from "./statements-suite.ts";
import { describeTotals } from "./totals-suite.ts";
import { describeTransfer } from "./transfer-suite.ts";
import { describeUserLists } from "./user-lists-suite.ts";
import { describeUsers } from "./users-suite.ts";
import { describeWebhooks } from "./webhooks-suite.ts";
import { describeWrites } from "./writes-suite.ts";

const captured = captureStores();

describeOn("postgresql")("on PostgreSQL", () => {
  describe("ledger store", promise("durable-commit", "postgresql"), () => describeLedgerStore("postgresql"));
  describe("ledger store: snapshots", promise("complete-snapshot", "postgresql"), () =>
    describeSnapshots("postgresql"),
  );
  describe("ledger store: writes", promise("exact-write-set", "postgresql"), () => describeWrites("postgresql"));
  describe("ledger store: extra writes", promise("extra-writes", "postgresql"), () =>
    describeExtraWrites("postgresql"),
  );
  describe("ledger store: reads", promise("committed-reads", "postgresql"), () => describeReads("postgresql"));
  describe("concurrent clients", promise("concurrent-clients", "postgresql"), () => describeConcurrency("postgresql"));
  describe("exact values", promise("exact-values", "postgresql"), () => describeExactValues("postgresql"));
  describe("table constraints", promise("table-constraints", "postgresql"), () => describeGuardRails("postgresql"));
  describe("history", promise("history", "postgresql"), () => describeHistory("postgresql"));
  describe("audit reads", promise("audit-snapshot", "postgresql"), () => describeAudit("postgresql"));
  describe("users", promise("users-and-logs", "postgresql"), () => describeUsers("postgresql"));
  describe("call log", promise("users-and-logs", "postgresql"), () => describeCallLog("postgresql"));
  describe("lists of the call log", promise("users-and-logs", "postgresql"), () => describeCallLogLists("postgresql"));
  describe("pages of the call log", promise("users-and-logs", "postgresql"), () =>
    describeCallLogCursors("postgresql"),
  );
  describe("exports of the call log", promise("users-and-logs", "postgresql"), () =>
    describeCallLogOldestFirst("postgresql"),
  );
  describe("live reads", promise("users-and-logs", "postgresql"), () => describeLiveReads("postgresql"));
  describe("keeping of the call log", promise("users-and-logs", "postgresql"), () => describeLogKeeping("postgresql"));
  describe("sums of credits", promise("users-and-logs", "postgresql"), () => describeSpend("postgresql"));
  describe("sums over all accounts", promise("users-and-logs", "postgresql"), () => describeAllAccounts("postgresql"));
  describe("low balances", promise("outgoing-events", "postgresql"), () => describeBalanceAlerts("postgresql"));
  describe("statements", promise("users-and-logs", "postgresql"), () => describeStatements("postgresql"));
  describe("orders", promise("orders-and-payments", "postgresql"), () => describeOrders("postgresql"));
  describe("payments", promise("orders-and-payments", "postgresql"), () => describePayments("postgresql"));
  describe("reversals", promise("orders-and-payments", "postgresql"), () => describeReversals("postgresql"));
  describe("reviews", promise("orders-and-payments", "postgresql"), () => describeReviews("postgresql"));
  describe("identity", promise("identity", "postgresql"), () => describeIdentity("postgresql"));
  describe("user lists", () => describeUserLists("postgresql"));
  describe("open holds", () => describeOpenHolds("postgresql"));
  describe("totals", () => describeTotals("postgresql"));
  describe("links and changes", promise("identity", "postgresql"), () => describeLinks("postgresql"));
  describe("service keys", promise("service-keys", "postgresql"), () => describeKeys("postgresql"));
  describe("catalogues", promise("users-and-logs", "postgresql"), () => describeCatalogues("postgresql"));
  describe("redemption codes", promise("redemption-codes", "postgresql"), () => describeCodes("postgresql"));
  describe("webhooks", promise("outgoing-events", "postgresql"), () => describeWebhooks("postgresql"));
  describe("transfer", promise("transfer", "postgresql"), () => describeTransfer("postgresql"));
  describe("counters and expired rows", promise("shared-counters", "postgresql"), () => describeCounters("postgresql"));
  describe("statements on distributed tables", () => describeStatementsOnShards(captured));
});
