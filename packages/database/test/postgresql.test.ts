import { describeOn } from "@jifen/testkit";
import { describe } from "vitest";
import { describeConcurrency } from "./concurrency-suite.ts";
import { describeExactValues } from "./exact-values-suite.ts";
import { describeGuardRails } from "./guard-rails-suite.ts";
import { describeLedgerStore } from "./ledger-store-suite.ts";
import { describeUsersAndLogs } from "./users-and-logs-suite.ts";

describeOn("postgresql")("on PostgreSQL", () => {
  describe("the ledger's store", () => describeLedgerStore("postgresql"));
  describe("many at once", () => describeConcurrency("postgresql"));
  describe("exact values", () => describeExactValues("postgresql"));
  describe("the tables", () => describeGuardRails("postgresql"));
  describe("users and logs", () => describeUsersAndLogs("postgresql"));
});
