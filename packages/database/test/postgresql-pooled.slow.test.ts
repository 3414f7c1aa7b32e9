// Expected duration: 30 s on two cores.
import { describe } from "vitest";
import { describeAudit } from "./audit-suite.ts";
import { describeConcurrency } from "./concurrency-suite.ts";
import { describeCounters } from "./counters-suite.ts";
import { describeExtraWrites } from "./extra-writes-suite.ts";
import { describeHistory } from "./history-suite.ts";
import { describeIdentity } from "./identity-suite.ts";
import { hasPooler, usePooler } from "./pooler.ts";
import { describeReads } from "./reads-suite.ts";
import { describeSnapshots } from "./snapshot-suite.ts";
import { describeTransfer } from "./transfer-suite.ts";
import { describeWrites } from "./writes-suite.ts";

describe.skipIf(!hasPooler)("behind PgBouncer that pools transactions", () => {
  usePooler({ pool_mode: "transaction" });
  describe("ledger store: snapshots", () => describeSnapshots("postgresql"));
  describe("ledger store: writes", () => describeWrites("postgresql"));
  describe("ledger store: extra writes", () => describeExtraWrites("postgresql"));
  describe("ledger store: reads", () => describeReads("postgresql"));
  describe("history", () => describeHistory("postgresql"));
  describe("audit reads", () => describeAudit("postgresql"));
  describe("identity", () => describeIdentity("postgresql"));
  describe("transfer", () => describeTransfer("postgresql"));
  describe("counters and expired rows", () => describeCounters("postgresql"));
});

describe.skipIf(!hasPooler)("behind PgBouncer that pools sessions", () => {
  usePooler({ pool_mode: "session" });
  describe("concurrent clients", () => describeConcurrency("postgresql"));
});

describe.skipIf(!hasPooler)("behind PgBouncer with three sessions that it gives out in turn", () => {
  usePooler({ pool_mode: "transaction", default_pool_size: 3, server_round_robin: 1 });
  describe("concurrent clients", () => describeConcurrency("postgresql"));
});
