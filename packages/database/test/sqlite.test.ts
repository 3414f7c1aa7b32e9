import { describeOn } from "@jifen/testkit";
import { describe } from "vitest";
import { describeConcurrency } from "./concurrency-suite.ts";
import { describeExactValues } from "./exact-values-suite.ts";
import { describeGuardRails } from "./guard-rails-suite.ts";
import { describeLedgerStore } from "./ledger-store-suite.ts";
import { describeUsersAndLogs } from "./users-and-logs-suite.ts";

describeOn("sqlite")("on SQLite", () => {
  describe("the ledger's store", () => describeLedgerStore("sqlite"));
  describe("many at once", () => describeConcurrency("sqlite"));
  describe("exact values", () => describeExactValues("sqlite"));
  describe("the tables", () => describeGuardRails("sqlite"));
  describe("users and logs", () => describeUsersAndLogs("sqlite"));
});
