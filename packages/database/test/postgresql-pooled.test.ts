import { describe } from "vitest";
import { describeConcurrency } from "./concurrency-suite.ts";
import { describeLedgerStore } from "./ledger-store-suite.ts";
import { hasPooler, usePooler } from "./pooler.ts";
import { describeUsersAndLogs } from "./users-and-logs-suite.ts";

// The other suites and settings of the pooler are in postgresql-pooled.slow.test.ts.
describe.skipIf(!hasPooler)("behind PgBouncer that pools transactions", () => {
  usePooler({ pool_mode: "transaction" });
  describe("ledger store", () => describeLedgerStore("postgresql"));
  describe("concurrent clients", () => describeConcurrency("postgresql"));
  describe("users and logs", () => describeUsersAndLogs("postgresql"));
});
