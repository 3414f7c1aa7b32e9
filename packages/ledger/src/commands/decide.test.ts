import { describe, expect, test } from "vitest";
import { emptyAccount } from "../account.ts";
import { credits } from "../credits.ts";
import { accountId, grantId, idempotencyKey, transactionId } from "../ids.ts";
import type { Transaction } from "../transaction.ts";
import type { Consume } from "./consume.ts";
import { type Command, decide } from "./decide.ts";
import type { GrantCredits } from "./grant.ts";

const ann = accountId("user:ann");
const frame = {
  accountId: ann,
  idempotencyKey: idempotencyKey.ofCaller("order-1"),
  transactionId: transactionId("txn-1"),
};
const spending: Consume = { ...frame, kind: "consume", amount: credits(5), action: "video", metadata: '{"a":1}' };
const giving: GrantCredits = {
  ...frame,
  kind: "grant",
  grantId: grantId("grant-1"),
  amount: credits(5),
  source: "admin",
  priority: 50,
  reason: "video",
};

/** What the journal holds once `command` was done by an earlier request. */
function done(command: Command): Transaction {
  const rich = decide({ ...giving, amount: credits(100) }, emptyAccount(ann), { nowMs: 1, earlier: undefined });
  if (!rich.ok || rich.value.replayed) throw new Error("the first grant was not accepted");
  const { account, grantsAdded } = rich.value.step;
  const outcome = decide(command, { account, grants: grantsAdded }, { nowMs: 2, earlier: undefined });
  if (!outcome.ok) throw new Error("the command was not accepted");
  return outcome.value.transaction;
}

describe("a retry with the same key", () => {
  test.each([
    { first: spending, retry: { ...spending, transactionId: transactionId("txn-2") }, says: "of a consume" },
    { first: giving, retry: { ...giving, transactionId: transactionId("txn-2") }, says: "of a grant" },
    { first: { ...spending, metadata: null }, retry: { ...spending, metadata: null }, says: "without metadata" },
    { first: giving, retry: { ...giving, grantId: grantId("grant-2") }, says: "that would make another grant" },
  ])("$says answers what was done, and does nothing", ({ first, retry }) => {
    const earlier = done(first);
    const outcome = decide(retry, emptyAccount(ann), { nowMs: 99, earlier });
    expect(outcome).toEqual({ ok: true, value: { transaction: earlier, replayed: true } });
  });

  test("answers what was done although there is nothing left to spend", () => {
    const earlier = done({ ...spending, amount: credits(100) });
    const outcome = decide({ ...spending, amount: credits(100) }, emptyAccount(ann), { nowMs: 99, earlier });
    expect(outcome).toMatchObject({ ok: true, value: { replayed: true } });
  });
});

describe("the same key for another request", () => {
  test.each<{ first: Command; other: Command; says: string }>([
    { first: spending, other: { ...spending, amount: credits(6) }, says: "another amount" },
    { first: spending, other: { ...spending, action: "image" }, says: "another action" },
    { first: spending, other: { ...spending, metadata: '{"a":2}' }, says: "other metadata" },
    { first: spending, other: { ...spending, metadata: null }, says: "no metadata" },
    { first: { ...spending, metadata: null }, other: giving, says: "a grant instead of a consume" },
    { first: giving, other: { ...spending, metadata: null }, says: "a consume instead of a grant" },
    { first: giving, other: { ...giving, reason: "image" }, says: "another reason" },
  ])("is refused: $says", ({ first, other }) => {
    const outcome = decide(other, emptyAccount(ann), { nowMs: 99, earlier: done(first) });
    expect(outcome).toEqual({ ok: false, refusal: { code: "IDEMPOTENCY_KEY_REUSED" } });
  });

  test("is refused for the key before it is refused for the credits", () => {
    const other = { ...spending, amount: credits(1_000) };
    const outcome = decide(other, emptyAccount(ann), { nowMs: 99, earlier: done(spending) });
    expect(outcome).toMatchObject({ refusal: { code: "IDEMPOTENCY_KEY_REUSED" } });
  });
});

describe("a key that is new", () => {
  test("is decided on the account as it is, at the time of the database", () => {
    expect(decide(giving, emptyAccount(ann), { nowMs: 99, earlier: undefined })).toMatchObject({
      ok: true,
      value: { replayed: false, transaction: { createdAtMs: 99 }, step: { account: { balance: 5 } } },
    });
  });

  test("passes on what the command refuses", () => {
    expect(decide(spending, emptyAccount(ann), { nowMs: 99, earlier: undefined })).toEqual({
      ok: false,
      refusal: { code: "INSUFFICIENT_CREDITS", balance: 0, required: 5 },
    });
  });
});
