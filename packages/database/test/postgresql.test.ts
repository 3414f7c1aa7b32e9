import { describeOn } from "@jifen/testkit";
import { describe } from "vitest";
import { describeAudit } from "./audit-suite.ts";
import { describeConcurrency } from "./concurrency-suite.ts";
import { describeExactValues } from "./exact-values-suite.ts";
import { describeGuardRails } from "./guard-rails-suite.ts";
import { describeHistory } from "./history-suite.ts";
import { describeIdentity } from "./identity-suite.ts";
import { describeKeys } from "./keys-suite.ts";
import { describeLedgerStore } from "./ledger-store-suite.ts";
import { describeReads } from "./reads-suite.ts";
import { describeSnapshots } from "./snapshot-suite.ts";
import { describeUsersAndLogs } from "./users-and-logs-suite.ts";
import { describeWrites } from "./writes-suite.ts";

describeOn("postgresql")("on PostgreSQL", () => {
  describe("the ledger's store", () => describeLedgerStore("postgresql"));
  describe("what a decision is shown", () => describeSnapshots("postgresql"));
  describe("what a decision writes", () => describeWrites("postgresql"));
  describe("what is read without a decision", () => describeReads("postgresql"));
  describe("many at once", () => describeConcurrency("postgresql"));
  describe("exact values", () => describeExactValues("postgresql"));
  describe("the tables", () => describeGuardRails("postgresql"));
  describe("the history", () => describeHistory("postgresql"));
  describe("what an audit reads", () => describeAudit("postgresql"));
  describe("users and logs", () => describeUsersAndLogs("postgresql"));
  describe("who somebody is", () => describeIdentity("postgresql"));
  describe("service keys", () => describeKeys("postgresql"));
});
