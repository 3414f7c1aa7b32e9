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
  userOf,
} from "./ids.ts";

describe("ids", () => {
  test.each([
    { make: userId, says: "a user id" },
    { make: accountId, says: "an account id" },
    { make: transactionId, says: "a transaction id" },
    { make: grantId, says: "a grant id" },
    { make: holdId, says: "a hold id" },
    { make: idempotencyKey.ofCaller, says: "a caller's key" },
    { make: (text: string) => idempotencyKey.ofService("digest", text), says: "a service's key" },
    { make: (text: string) => idempotencyKey.ofOperator("digest", text), says: "an operator's key" },
    { make: idempotencyKey.ofSystem, says: "a system key" },
    { make: idempotencyKey.stored, says: "a stored key" },
  ])("$says cannot be empty", ({ make }) => {
    expect(() => make("")).toThrow(RangeError);
  });

  test("the account id of a user follows from the user id without a lookup", () => {
    expect(accountOf(userId("ann@example.com"))).toBe("user:ann@example.com");
    expect(userOf(accountOf(userId("user:ann")))).toBe("user:ann");
    expect(userOf(accountId(systemAccounts.expired))).toBeUndefined();
  });

  test("held credits have an account that differs from every spendable and system account", () => {
    const own = accountOf(userId("ann@example.com"));
    expect(heldAccountOf(own)).toBe("user:ann@example.com:held");
    expect([own, ...Object.values(systemAccounts)]).not.toContain(heldAccountOf(own));
  });

  test("no account of a user is an account of the system", () => {
    const userAccounts = Object.values(systemAccounts).map((each) => accountOf(userId(each)) as string);
    expect(Object.values(systemAccounts).filter((each) => userAccounts.includes(each))).toEqual([]);
  });
});

describe("idempotency keys", () => {
  test("a caller cannot send a key of another namespace", () => {
    const guesses = [
      "initial-grant",
      "system:initial-grant",
      "transaction:txn-1",
      "txn-1",
      "order-1",
      "operator:order-1",
      "operator-of:digest:order-1",
      "service:order-1",
      "service-of:digest:order-1",
      "system:hold-expiry:hold-1",
    ];
    const taken: string[] = [
      idempotencyKey.ofSystem("initial-grant"),
      idempotencyKey.ofSystem("hold-expiry:hold-1"),
      idempotencyKey.ofTransaction(transactionId("txn-1")),
      idempotencyKey.ofService("digest", "order-1"),
      idempotencyKey.ofOperator("digest", "order-1"),
      idempotencyKey.ofAnyService("order-1"),
      idempotencyKey.ofAnyOperator("order-1"),
    ];
    for (const guess of guesses) expect(taken).not.toContain(idempotencyKey.ofCaller(guess));
  });

  test("a key that services shared in earlier versions never equals a key of one service", () => {
    const guesses = ["order-1", "-of:digest:order-1", "of:digest:order-1", "digest:order-1"];
    const keys: string[] = guesses.flatMap((text) => [
      idempotencyKey.ofAnyService(text),
      idempotencyKey.ofAnyOperator(text),
    ]);
    expect(keys).not.toContain(idempotencyKey.ofService("digest", "order-1"));
    expect(keys).not.toContain(idempotencyKey.ofOperator("digest", "order-1"));
  });

  test("a key read from a store equals the key that was written", () => {
    const key = idempotencyKey.ofCaller("order-1");
    expect(idempotencyKey.stored(key)).toBe(key);
  });
});
