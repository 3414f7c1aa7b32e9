import { describeOn, promise } from "@jifen/testkit";
import { describe } from "vitest";
import { describeAudit } from "./audit-suite.ts";
import { describeCallLogLists } from "./call-log-lists-suite.ts";
import { describeCallLog } from "./call-log-suite.ts";
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
import { describeReads } from "./reads-suite.ts";
import { describeSnapshots } from "./snapshot-suite.ts";
import { describeSpend } from "./spend-suite.ts";
import { captureStores, describeStatementsOnShards } from "./statements-on-shards-suite.ts";
import { describeTransfer } from "./transfer-suite.ts";
import { describeUsers } from "./users-suite.ts";
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
  describe("sums of credits", promise("users-and-logs", "postgresql"), () => describeSpend("postgresql"));
  describe("identity", promise("identity", "postgresql"), () => describeIdentity("postgresql"));
  describe("links and changes", promise("identity", "postgresql"), () => describeLinks("postgresql"));
  describe("service keys", promise("service-keys", "postgresql"), () => describeKeys("postgresql"));
  describe("transfer", promise("transfer", "postgresql"), () => describeTransfer("postgresql"));
  describe("counters and expired rows", promise("shared-counters", "postgresql"), () => describeCounters("postgresql"));
  describe("statements on distributed tables", () => describeStatementsOnShards(captured));
});
