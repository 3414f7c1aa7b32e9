import { credits, grantId, holdId, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import {
  ann,
  annInPerson,
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
import { emptyAccount } from "../account.ts";
import type { Entry } from "../entry.ts";
import type { Posted } from "../posting.ts";
import { type Command, type DecisionContext, decide } from "./decide.ts";

const base = { idempotencyKey: key("order-1"), transactionId: transactionId("txn-own") };
const emptyPosted: Posted = { state: emptyAccount(ann), entries: [] };
const at = (is: Partial<DecisionContext> = {}): DecisionContext => ({
  nowMs: 99,
  executed: undefined,
  formerly: undefined,
  charge: undefined,
  ...is,
});

const pendingHoldId = holdId("hold-job");
const chargeTransactionId = transactionId("txn-paid");

const consume = consumeCredits(5, { ...base, metadata: '{"a":1}' });
const grant = grantCredits(5, { ...base, grantId: grantId("grant-1"), reason: "video", expiresAtMs: 50_000 });
const revoke = revokeCredits(5, { ...base, reason: "video" });
const firstGrantId = grantId("grant-first");
const atMost = revokeCredits(500, { ...base, atMost: true });
const ofGrant = revokeCredits(5, { ...base, grantId: firstGrantId });
const placeHold = hold(5, { ...base, holdId: holdId("hold-own") });
const extendHold = extend(pendingHoldId, 90, base);
const captureHold = capture(pendingHoldId, 5, base);
const captureUsed = capture(pendingHoldId, 5, { ...base, metadata: '{"seconds":5}' });
const releaseHold = release(pendingHoldId, { ...base, metadata: '{"a":1}' });
const refundCharge = refund(chargeTransactionId, 5, { ...base, metadata: '{"a":1}' });

/** The entry of `command` after an earlier request executed it. */
function executedEntryOf(command: Command): Entry {
  const ledger = new InMemoryLedger();
  unwrap(ledger.run(grantCredits(100, { grantId: firstGrantId })));
  unwrap(ledger.run(hold(20, { holdId: pendingHoldId })));
  unwrap(ledger.run(consumeCredits(20, { transactionId: chargeTransactionId })));
  return unwrap(ledger.run(command)).entry;
}

const retryFields = { transactionId: transactionId("txn-2") };

describe("a retry with the same key", () => {
  test.each<{ first: Command; retry: Command; says: string }>([
    { first: consume, retry: { ...consume, ...retryFields }, says: "of a consume" },
    { first: grant, retry: { ...grant, ...retryFields }, says: "of a grant" },
    { first: revoke, retry: { ...revoke, ...retryFields }, says: "of a revoke" },
    { first: atMost, retry: { ...atMost, ...retryFields }, says: "of a revoke that took less than was asked for" },
    { first: ofGrant, retry: { ...ofGrant, ...retryFields }, says: "of a revoke of one grant" },
    { first: captureUsed, retry: { ...captureUsed, ...retryFields }, says: "of a capture with metadata" },
    { first: placeHold, retry: { ...placeHold, ...retryFields }, says: "of a hold" },
    { first: extendHold, retry: { ...extendHold, ...retryFields }, says: "of an extend" },
    { first: captureHold, retry: { ...captureHold, ...retryFields }, says: "of a capture" },
    {
      first: { ...captureHold, amount: null },
      retry: { ...captureHold, amount: null },
      says: "of a capture without an amount",
    },
    { first: releaseHold, retry: { ...releaseHold, ...retryFields }, says: "of a release" },
    { first: refundCharge, retry: { ...refundCharge, ...retryFields }, says: "of a refund" },
    {
      first: { ...refundCharge, amount: null },
      retry: { ...refundCharge, amount: null },
      says: "of a refund without an amount",
    },
    { first: { ...consume, metadata: null }, retry: { ...consume, metadata: null }, says: "without metadata" },
    { first: grant, retry: { ...grant, grantId: grantId("grant-2") }, says: "with another grant id" },
    { first: placeHold, retry: { ...placeHold, holdId: holdId("hold-2") }, says: "with another hold id" },
  ])("a retry $says returns the first entry and changes nothing", ({ first, retry }) => {
    const executed = executedEntryOf(first);
    const outcome = decide(retry, emptyPosted, at({ executed }));
    expect(outcome).toEqual({ ok: true, value: { entry: executed, posted: undefined } });
  });

  test("a retry returns the first entry although the balance is spent", () => {
    const all = { ...consume, amount: credits(60) };
    const outcome = decide(all, emptyPosted, at({ executed: executedEntryOf(all) }));
    expect(outcome).toMatchObject({ ok: true, value: { posted: undefined } });
  });

  test("a retry of a grant returns the first entry although the expiry has passed", () => {
    const outcome = decide(grant, emptyPosted, at({ executed: executedEntryOf(grant), nowMs: 99_000 }));
    expect(outcome).toMatchObject({ ok: true, value: { posted: undefined } });
  });
});

describe("another request with the same key", () => {
  const another = { amount: credits(6) };

  test.each<{ first: Command; other: Command; says: string }>([
    { first: consume, other: { ...consume, ...another }, says: "another amount" },
    { first: consume, other: { ...consume, action: "image" }, says: "another action" },
    { first: consume, other: { ...consume, metadata: '{"a":2}' }, says: "other metadata" },
    { first: consume, other: { ...consume, metadata: null }, says: "no metadata" },
    { first: { ...consume, metadata: null }, other: grant, says: "a grant instead of a consume" },
    { first: grant, other: { ...consume, metadata: null }, says: "a consume instead of a grant" },
    { first: revoke, other: { ...consume, metadata: null }, says: "a consume instead of a revoke" },
    { first: consume, other: placeHold, says: "a hold instead of a consume" },
    { first: grant, other: { ...grant, ...another }, says: "another amount granted" },
    { first: grant, other: { ...grant, reason: "image" }, says: "another reason" },
    { first: grant, other: { ...grant, source: "purchase" }, says: "another source" },
    { first: grant, other: { ...grant, priority: 51 }, says: "another priority" },
    { first: grant, other: { ...grant, expiresAtMs: 50_001 }, says: "another expiry" },
    { first: grant, other: { ...grant, expiresAtMs: null }, says: "no expiry" },
    { first: revoke, other: { ...revoke, ...another }, says: "another amount revoked" },
    { first: revoke, other: { ...revoke, reason: "image" }, says: "another reason to revoke" },
    { first: revoke, other: { ...revoke, atMost: true }, says: "at most the amount that was revoked" },
    { first: revoke, other: { ...revoke, grantId: firstGrantId }, says: "one grant to revoke from instead of all" },
    { first: atMost, other: { ...atMost, amount: credits(60) }, says: "the amount that was taken, asked for instead" },
    { first: atMost, other: { ...atMost, atMost: false }, says: "the whole amount instead of at most that" },
    { first: ofGrant, other: { ...ofGrant, grantId: grantId("grant-2") }, says: "another grant to revoke from" },
    { first: ofGrant, other: { ...ofGrant, grantId: null }, says: "all grants to revoke from instead of one" },
    { first: captureUsed, other: { ...captureUsed, metadata: '{"seconds":6}' }, says: "other metadata of the charge" },
    { first: captureUsed, other: captureHold, says: "no metadata of the charge" },
    { first: captureHold, other: captureUsed, says: "metadata of the charge where there was none" },
    { first: placeHold, other: { ...placeHold, ...another }, says: "another amount to hold" },
    { first: placeHold, other: { ...placeHold, action: "image" }, says: "another action to hold for" },
    { first: placeHold, other: { ...placeHold, metadata: null }, says: "other metadata of the hold" },
    { first: placeHold, other: { ...placeHold, ttlSeconds: 61 }, says: "another time to live" },
    { first: placeHold, other: { ...placeHold, placedBy: annInPerson }, says: "another kind of caller" },
    { first: extendHold, other: { ...extendHold, ttlSeconds: 91 }, says: "another time to extend by" },
    { first: extendHold, other: { ...extendHold, holdId: holdId("hold-x") }, says: "another hold to extend" },
    { first: extendHold, other: captureHold, says: "a capture instead of an extend" },
    { first: captureHold, other: { ...captureHold, ...another }, says: "another amount to capture" },
    { first: captureHold, other: { ...captureHold, amount: null }, says: "no amount instead of an amount" },
    {
      first: { ...captureHold, amount: null },
      other: capture(pendingHoldId, 20, base),
      says: "an amount instead of no amount",
    },
    { first: captureHold, other: { ...captureHold, holdId: holdId("hold-x") }, says: "another hold to capture" },
    { first: releaseHold, other: { ...releaseHold, holdId: holdId("hold-x") }, says: "another hold to release" },
    { first: releaseHold, other: { ...releaseHold, metadata: null }, says: "other metadata of the release" },
    { first: releaseHold, other: captureHold, says: "a capture instead of a release" },
    { first: refundCharge, other: { ...refundCharge, ...another }, says: "another amount to refund" },
    { first: refundCharge, other: { ...refundCharge, amount: null }, says: "no amount to refund instead of an amount" },
    { first: refundCharge, other: { ...refundCharge, chargeId: transactionId("txn-x") }, says: "another charge" },
    { first: refundCharge, other: { ...refundCharge, metadata: null }, says: "other metadata of the refund" },
  ])("the same key is refused for $says", ({ first, other }) => {
    const outcome = decide(other, emptyPosted, at({ executed: executedEntryOf(first) }));
    expect(outcome).toEqual({ ok: false, refusal: { code: "IDEMPOTENCY_KEY_REUSED" } });
  });

  test("the same key for another request is refused before the balance is checked", () => {
    const other = { ...consume, amount: credits(1_000) };
    const outcome = decide(other, emptyPosted, at({ executed: executedEntryOf(consume) }));
    expect(outcome).toMatchObject({ refusal: { code: "IDEMPOTENCY_KEY_REUSED" } });
  });
});

describe("a key that an earlier version shared between callers", () => {
  const former = { idempotencyKey: key("shared"), isShared: false };
  const theirs = { idempotencyKey: key("shared"), isShared: true };

  test.each([
    { formerKey: former, says: "of the same caller" },
    { formerKey: theirs, says: "that other callers had as well" },
  ])("a retry of a request under a former key $says returns its entry", ({ formerKey }) => {
    const formerly = executedEntryOf(consume);
    const outcome = decide({ ...consume, formerKey }, emptyPosted, at({ formerly }));
    expect(outcome).toEqual({ ok: true, value: { entry: formerly, posted: undefined } });
  });

  test("another request under a former key of the same caller is refused", () => {
    const other = { ...consume, amount: credits(6), formerKey: former };
    const outcome = decide(other, emptyPosted, at({ formerly: executedEntryOf(consume) }));
    expect(outcome).toMatchObject({ refusal: { code: "IDEMPOTENCY_KEY_REUSED" } });
  });

  test("another request under a key that other callers had as well takes effect", () => {
    const other = { ...grant, formerKey: theirs };
    const outcome = decide(other, emptyPosted, at({ formerly: executedEntryOf(consume) }));
    expect(outcome).toMatchObject({ ok: true, value: { entry: { id: "txn-own" }, posted: {} } });
  });

  test("the entry under the present key counts before the one under the former key", () => {
    const executed = executedEntryOf(consume);
    const formerly = { ...executed, id: transactionId("txn-old") };
    const outcome = decide({ ...consume, formerKey: former }, emptyPosted, at({ executed, formerly }));
    expect(outcome).toMatchObject({ value: { entry: { id: executed.id } } });
  });
});

describe("a command with a new key", () => {
  test("a new command is decided on the account's state at the database's time", () => {
    expect(decide(grant, emptyPosted, at())).toMatchObject({
      ok: true,
      value: { entry: { id: "txn-own", createdAtMs: 99 }, posted: { state: { account: { balance: 5 } } } },
    });
  });

  test("the outcome has the command's own entry, not an expiration's entry", () => {
    for (const [command, kind] of [
      [captureHold, "capture"],
      [releaseHold, "release"],
    ] as const) {
      expect(executedEntryOf(command)).toMatchObject({ id: "txn-own", idempotencyKey: "caller:order-1", kind });
    }
  });

  test("decide returns the refusal of the command", () => {
    expect(decide(consume, emptyPosted, at())).toEqual({
      ok: false,
      refusal: { code: "INSUFFICIENT_CREDITS", balance: 0, required: 5 },
    });
  });
});
