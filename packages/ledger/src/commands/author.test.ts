import { holdId, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  capture,
  consumeCredits,
  extend,
  grantCredits,
  hold,
  key,
  refund,
  release,
  revokeCredits,
  unwrap,
} from "../../test/commands.ts";
import { InMemoryLedger } from "../../test/in-memory-ledger.ts";
import { bySystem } from "../entry.ts";

const byAdmin = { actor: "user:admin", requestId: "request-9" };
const [job, other] = [holdId("hold-job"), holdId("hold-other")];
const charge = transactionId("txn-charge");

/** A ledger with credits, two pending holds and a charge, all by the shop. */
function createLedger(): InMemoryLedger {
  const ledger = new InMemoryLedger();
  unwrap(ledger.run(grantCredits(100)));
  unwrap(ledger.run(hold(20, { holdId: job })));
  unwrap(ledger.run(hold(20, { holdId: other, ttlSeconds: 5 })));
  unwrap(ledger.run(consumeCredits(20, { transactionId: charge })));
  return ledger;
}

const authorsIn = (ledger: InMemoryLedger, from: number) =>
  ledger.journal.slice(from).map(({ kind, actor, requestId }) => ({ kind, actor, requestId }));

describe("the author of an entry", () => {
  test.each([
    { command: grantCredits(1, byAdmin), kinds: ["grant"] },
    { command: consumeCredits(1, byAdmin), kinds: ["consume"] },
    { command: revokeCredits(1, byAdmin), kinds: ["revoke"] },
    { command: hold(1, byAdmin), kinds: ["hold"] },
    { command: extend(job, 90, byAdmin), kinds: ["extend"] },
    { command: capture(job, 5, byAdmin), kinds: ["release", "capture"] },
    { command: release(job, byAdmin), kinds: ["release"] },
    { command: refund(charge, 5, byAdmin), kinds: ["refund"] },
  ])("the entries of a $command.kind have the author of the command", ({ command, kinds }) => {
    const ledger = createLedger();
    const before = ledger.journal.length;
    unwrap(ledger.run(command));
    expect(authorsIn(ledger, before)).toEqual(kinds.map((kind) => ({ kind, ...byAdmin })));
  });

  test("expirations have the system as their author, also when a command comes across them", () => {
    const ledger = createLedger();
    const before = ledger.journal.length;
    ledger.nowMs = 6_000;
    unwrap(ledger.run(consumeCredits(1, byAdmin)));
    expect(authorsIn(ledger, before)).toEqual([
      { kind: "release", ...bySystem },
      { kind: "consume", ...byAdmin },
    ]);
  });

  test("credits that a command returns to an expired grant are expired by the system", () => {
    const ledger = new InMemoryLedger();
    unwrap(ledger.run(grantCredits(10, { expiresAtMs: 2_000 })));
    const { entry } = unwrap(ledger.run(consumeCredits(10)));
    ledger.nowMs = 3_000;
    unwrap(ledger.run(refund(entry.id, 4, byAdmin)));
    expect(authorsIn(ledger, 2)).toEqual([
      { kind: "refund", ...byAdmin },
      { kind: "expire", ...bySystem },
    ]);
  });

  test("a retry by another author returns the first author", () => {
    const ledger = createLedger();
    const command = consumeCredits(1, { ...byAdmin, idempotencyKey: key("order-1") });
    const first = unwrap(ledger.run(command)).entry;
    const retry = { ...command, actor: "key:next", requestId: "request-10", transactionId: transactionId("txn-retry") };
    expect(unwrap(ledger.run(retry))).toMatchObject({ entry: { ...first, ...byAdmin }, replayed: true });
  });
});
