import { credits, grantId, holdId, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { Books } from "../../test/books.ts";
import { ann, capture, done, extend, give, hold, key, refund, release, spend, take } from "../../test/commands.ts";
import { emptyAccount } from "../account.ts";
import type { Entry } from "../entry.ts";
import type { Posted } from "../posting.ts";
import { type Command, type DecisionContext, decide } from "./decide.ts";

const frame = { idempotencyKey: key("order-1"), transactionId: transactionId("txn-own") };
const nothing: Posted = { state: emptyAccount(ann), entries: [] };
const at = (is: Partial<DecisionContext> = {}): DecisionContext => ({
  nowMs: 99,
  executed: undefined,
  charge: undefined,
  ...is,
});

const job = holdId("hold-job");
const paid = transactionId("txn-paid");

const spending = spend(5, { ...frame, metadata: '{"a":1}' });
const giving = give(5, { ...frame, grantId: grantId("grant-1"), reason: "video", expiresAtMs: 50_000 });
const taking = take(5, { ...frame, reason: "video" });
const holding = hold(5, { ...frame, holdId: holdId("hold-own") });
const extending = extend(job, 90, frame);
const capturing = capture(job, 5, frame);
const releasing = release(job, { ...frame, metadata: '{"a":1}' });
const refunding = refund(paid, 5, { ...frame, metadata: '{"a":1}' });

/** What the journal holds once `command` was done by an earlier request. */
function lineOf(command: Command): Entry {
  const books = new Books();
  done(books.run(give(100)));
  done(books.run(hold(20, { holdId: job })));
  done(books.run(spend(20, { transactionId: paid })));
  return done(books.run(command)).entry;
}

const retries = { transactionId: transactionId("txn-2") };

describe("a retry with the same key", () => {
  test.each<{ first: Command; retry: Command; says: string }>([
    { first: spending, retry: { ...spending, ...retries }, says: "of a consume" },
    { first: giving, retry: { ...giving, ...retries }, says: "of a grant" },
    { first: taking, retry: { ...taking, ...retries }, says: "of a revoke" },
    { first: holding, retry: { ...holding, ...retries }, says: "of a hold" },
    { first: extending, retry: { ...extending, ...retries }, says: "of an extend" },
    { first: capturing, retry: { ...capturing, ...retries }, says: "of a capture" },
    { first: { ...capturing, amount: null }, retry: { ...capturing, amount: null }, says: "of a capture of all" },
    { first: releasing, retry: { ...releasing, ...retries }, says: "of a release" },
    { first: refunding, retry: { ...refunding, ...retries }, says: "of a refund" },
    { first: { ...refunding, amount: null }, retry: { ...refunding, amount: null }, says: "of a refund of all" },
    { first: { ...spending, metadata: null }, retry: { ...spending, metadata: null }, says: "without metadata" },
    { first: giving, retry: { ...giving, grantId: grantId("grant-2") }, says: "that would make another grant" },
    { first: holding, retry: { ...holding, holdId: holdId("hold-2") }, says: "that would make another hold" },
  ])("$says answers what was done, and does nothing", ({ first, retry }) => {
    const executed = lineOf(first);
    const outcome = decide(retry, nothing, at({ executed }));
    expect(outcome).toEqual({ ok: true, value: { entry: executed, posted: undefined } });
  });

  test("answers what was done although there is nothing left to spend", () => {
    const all = { ...spending, amount: credits(60) };
    const outcome = decide(all, nothing, at({ executed: lineOf(all) }));
    expect(outcome).toMatchObject({ ok: true, value: { posted: undefined } });
  });

  test("answers what was done although the grant would be over by now", () => {
    const outcome = decide(giving, nothing, at({ executed: lineOf(giving), nowMs: 99_000 }));
    expect(outcome).toMatchObject({ ok: true, value: { posted: undefined } });
  });
});

describe("the same key for another request is refused:", () => {
  const another = { amount: credits(6) };

  test.each<{ first: Command; other: Command; says: string }>([
    { first: spending, other: { ...spending, ...another }, says: "another amount" },
    { first: spending, other: { ...spending, action: "image" }, says: "another action" },
    { first: spending, other: { ...spending, metadata: '{"a":2}' }, says: "other metadata" },
    { first: spending, other: { ...spending, metadata: null }, says: "no metadata" },
    { first: { ...spending, metadata: null }, other: giving, says: "a grant instead of a consume" },
    { first: giving, other: { ...spending, metadata: null }, says: "a consume instead of a grant" },
    { first: taking, other: { ...spending, metadata: null }, says: "a consume instead of a revoke" },
    { first: spending, other: holding, says: "a hold instead of a consume" },
    { first: giving, other: { ...giving, ...another }, says: "another amount granted" },
    { first: giving, other: { ...giving, reason: "image" }, says: "another reason" },
    { first: giving, other: { ...giving, source: "purchase" }, says: "another source" },
    { first: giving, other: { ...giving, priority: 51 }, says: "another priority" },
    { first: giving, other: { ...giving, expiresAtMs: 50_001 }, says: "another end" },
    { first: giving, other: { ...giving, expiresAtMs: null }, says: "no end" },
    { first: taking, other: { ...taking, ...another }, says: "another amount revoked" },
    { first: taking, other: { ...taking, reason: "image" }, says: "another reason to revoke" },
    { first: holding, other: { ...holding, ...another }, says: "another amount to hold" },
    { first: holding, other: { ...holding, action: "image" }, says: "another action to hold for" },
    { first: holding, other: { ...holding, metadata: null }, says: "other metadata of the hold" },
    { first: holding, other: { ...holding, ttlSeconds: 61 }, says: "another time to live" },
    { first: holding, other: { ...holding, placedBy: "user" }, says: "another kind of caller" },
    { first: extending, other: { ...extending, ttlSeconds: 91 }, says: "another time to extend by" },
    { first: extending, other: { ...extending, holdId: holdId("hold-x") }, says: "another hold to extend" },
    { first: extending, other: capturing, says: "a capture instead of an extend" },
    { first: capturing, other: { ...capturing, ...another }, says: "another amount to capture" },
    { first: capturing, other: { ...capturing, amount: null }, says: "all instead of a part" },
    { first: { ...capturing, amount: null }, other: capture(job, 20, frame), says: "a number for what was all" },
    { first: capturing, other: { ...capturing, holdId: holdId("hold-x") }, says: "another hold to capture" },
    { first: releasing, other: { ...releasing, holdId: holdId("hold-x") }, says: "another hold to release" },
    { first: releasing, other: { ...releasing, metadata: null }, says: "other metadata of the release" },
    { first: releasing, other: capturing, says: "a capture instead of a release" },
    { first: refunding, other: { ...refunding, ...another }, says: "another amount to refund" },
    { first: refunding, other: { ...refunding, amount: null }, says: "all that is left instead of a part" },
    { first: refunding, other: { ...refunding, chargeId: transactionId("txn-x") }, says: "another charge" },
    { first: refunding, other: { ...refunding, metadata: null }, says: "other metadata of the refund" },
  ])("$says", ({ first, other }) => {
    const outcome = decide(other, nothing, at({ executed: lineOf(first) }));
    expect(outcome).toEqual({ ok: false, refusal: { code: "IDEMPOTENCY_KEY_REUSED" } });
  });

  test("before it is refused for the credits", () => {
    const other = { ...spending, amount: credits(1_000) };
    const outcome = decide(other, nothing, at({ executed: lineOf(spending) }));
    expect(outcome).toMatchObject({ refusal: { code: "IDEMPOTENCY_KEY_REUSED" } });
  });
});

describe("a key that is new", () => {
  test("is decided on the account as it is, at the time of the database", () => {
    expect(decide(giving, nothing, at())).toMatchObject({
      ok: true,
      value: { entry: { id: "txn-own", createdAtMs: 99 }, posted: { state: { account: { balance: 5 } } } },
    });
  });

  test("is answered with the line of the command, not with one that came along", () => {
    for (const [command, kind] of [
      [capturing, "capture"],
      [releasing, "release"],
    ] as const) {
      expect(lineOf(command)).toMatchObject({ id: "txn-own", idempotencyKey: "caller:order-1", kind });
    }
  });

  test("passes on what the command refuses", () => {
    expect(decide(spending, nothing, at())).toEqual({
      ok: false,
      refusal: { code: "INSUFFICIENT_CREDITS", balance: 0, required: 5 },
    });
  });
});
