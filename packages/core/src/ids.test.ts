import { describe, expect, test } from "vitest";
import {
  accountId,
  accountOf,
  grantId,
  heldAccountOf,
  holdId,
  idempotencyKey,
  systemAccounts,
  transactionId,
  userId,
} from "./ids.ts";

describe("ids", () => {
  test.each([
    { make: userId, says: "a user id" },
    { make: accountId, says: "an account id" },
    { make: transactionId, says: "a transaction id" },
    { make: grantId, says: "a grant id" },
    { make: holdId, says: "a hold id" },
    { make: idempotencyKey.ofCaller, says: "a caller's key" },
    { make: idempotencyKey.ofOperator, says: "an operator's key" },
    { make: idempotencyKey.ofSystem, says: "a key of the system" },
    { make: idempotencyKey.stored, says: "a stored key" },
  ])("$says is never empty", ({ make }) => {
    expect(() => make("")).toThrow(RangeError);
  });

  test("a user's account is named after the user, so that it needs no looking up", () => {
    expect(accountOf(userId("ann@example.com"))).toBe("user:ann@example.com");
  });

  test("what is set aside has an account of its own, which is nobody else's", () => {
    const own = accountOf(userId("ann@example.com"));
    expect(heldAccountOf(own)).toBe("user:ann@example.com:held");
    expect([own, ...Object.values(systemAccounts)]).not.toContain(heldAccountOf(own));
  });

  test("no user's account is one of the system's", () => {
    const named = Object.values(systemAccounts).map((each) => accountOf(userId(each)) as string);
    expect(Object.values(systemAccounts).filter((each) => named.includes(each))).toEqual([]);
  });
});

describe("idempotency keys", () => {
  test("a caller cannot name a key of the system or of another transaction", () => {
    const guesses = [
      "initial-grant",
      "system:initial-grant",
      "transaction:txn-1",
      "txn-1",
      "order-1",
      "operator:order-1",
      "system:hold-expiry:hold-1",
    ];
    const taken: string[] = [
      idempotencyKey.ofSystem("initial-grant"),
      idempotencyKey.ofSystem("hold-expiry:hold-1"),
      idempotencyKey.ofTransaction(transactionId("txn-1")),
      idempotencyKey.ofOperator("order-1"),
    ];
    for (const guess of guesses) expect(taken).not.toContain(idempotencyKey.ofCaller(guess));
  });

  test("a key comes back from a store as it went in", () => {
    const key = idempotencyKey.ofCaller("order-1");
    expect(idempotencyKey.stored(key)).toBe(key);
  });
});
