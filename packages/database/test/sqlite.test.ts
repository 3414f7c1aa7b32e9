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

describeOn("sqlite")("on SQLite", () => {
  describe("the ledger's store", () => describeLedgerStore("sqlite"));
  describe("what a decision is shown", () => describeSnapshots("sqlite"));
  describe("what a decision writes", () => describeWrites("sqlite"));
  describe("what is read without a decision", () => describeReads("sqlite"));
  describe("many at once", () => describeConcurrency("sqlite"));
  describe("exact values", () => describeExactValues("sqlite"));
  describe("the tables", () => describeGuardRails("sqlite"));
  describe("the history", () => describeHistory("sqlite"));
  describe("what an audit reads", () => describeAudit("sqlite"));
  describe("users and logs", () => describeUsersAndLogs("sqlite"));
  describe("who somebody is", () => describeIdentity("sqlite"));
  describe("service keys", () => describeKeys("sqlite"));
});
