import { describe } from "vitest";
import { describeCallLogLists } from "./call-log-lists-suite.ts";
import { describeCallLog } from "./call-log-suite.ts";
import { describeConcurrency } from "./concurrency-suite.ts";
import { describeLedgerStore } from "./ledger-store-suite.ts";
import { describeLiveReads } from "./live-reads-suite.ts";
import { describeLogKeeping } from "./log-keeping-suite.ts";
import { hasPooler, usePooler } from "./pooler.ts";
import { describeSpend } from "./spend-suite.ts";
import { describeUsers } from "./users-suite.ts";

// The other suites and settings of the pooler are in postgresql-pooled.slow.test.ts.
describe.skipIf(!hasPooler)("behind PgBouncer that pools transactions", () => {
  usePooler({ pool_mode: "transaction" });
  describe("ledger store", () => describeLedgerStore("postgresql"));
  describe("concurrent clients", () => describeConcurrency("postgresql"));
  describe("users", () => describeUsers("postgresql"));
  describe("call log", () => describeCallLog("postgresql"));
  describe("lists of the call log", () => describeCallLogLists("postgresql"));
  describe("live reads", () => describeLiveReads("postgresql"));
  describe("keeping of the call log", () => describeLogKeeping("postgresql"));
  describe("sums of credits", () => describeSpend("postgresql"));
});
