import { createWith, prepareDatabases } from "@jifen/testkit";
import { citusUrl, createCitusDatabase } from "@jifen/testkit/processes";
import { describe } from "vitest";
import { distributeDatabase, migrateDatabase } from "../src/index.ts";
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
import { describeTransfer } from "./transfer-suite.ts";
import { describeUsers } from "./users-suite.ts";
import { describeWrites } from "./writes-suite.ts";

const serverUrl = citusUrl();
if (serverUrl === undefined) console.error("\n!!! NO CITUS: NOTHING IS TESTED ON IT. TEST_CITUS_URL is not set\n");

/** One shard for accounts and one for users: the suites commit several accounts together, which needs one shard. */
describe.skipIf(serverUrl === undefined)("on PostgreSQL that Citus distributes", () => {
  createWith("postgresql", () => createCitusDatabase(serverUrl ?? ""));
  prepareDatabases(async (_, url) => {
    await migrateDatabase(url);
    await distributeDatabase(url, { shardCount: 1 });
  });
  describe("ledger store", () => describeLedgerStore("postgresql"));
  describe("ledger store: snapshots", () => describeSnapshots("postgresql"));
  describe("ledger store: writes", () => describeWrites("postgresql"));
  describe("ledger store: extra writes", () => describeExtraWrites("postgresql"));
  describe("ledger store: reads", () => describeReads("postgresql"));
  describe("concurrent clients", () => describeConcurrency("postgresql"));
  describe("exact values", () => describeExactValues("postgresql"));
  describe("table constraints", () => describeGuardRails("postgresql"));
  describe("history", () => describeHistory("postgresql"));
  describe("audit reads", () => describeAudit("postgresql"));
  describe("users", () => describeUsers("postgresql"));
  describe("call log", () => describeCallLog("postgresql"));
  describe("lists of the call log", () => describeCallLogLists("postgresql"));
  describe("sums of credits", () => describeSpend("postgresql"));
  describe("identity", () => describeIdentity("postgresql"));
  describe("links and changes", () => describeLinks("postgresql"));
  describe("service keys", () => describeKeys("postgresql"));
  describe("transfer", () => describeTransfer("postgresql"));
  describe("counters and expired rows", () => describeCounters("postgresql"));
});
