import { describe, expect, test } from "vitest";
import { accountId, accountOf, grantId, idempotencyKey, transactionId, userId } from "./ids.ts";

describe("ids", () => {
  test.each([
    { make: userId, says: "a user id" },
    { make: accountId, says: "an account id" },
    { make: transactionId, says: "a transaction id" },
    { make: grantId, says: "a grant id" },
    { make: idempotencyKey.ofCaller, says: "a caller's key" },
    { make: idempotencyKey.ofSystem, says: "a key of the system" },
    { make: idempotencyKey.stored, says: "a stored key" },
  ])("$says is never empty", ({ make }) => {
    expect(() => make("")).toThrow(RangeError);
  });

  test("a user's account is named after the user, so that it needs no looking up", () => {
    expect(accountOf(userId("ann@example.com"))).toBe("user:ann@example.com");
  });
});

describe("idempotency keys", () => {
  test("a caller cannot name a key of the system or of another transaction", () => {
    const guesses = ["initial-grant", "system:initial-grant", "transaction:txn-1", "txn-1"];
    const taken: string[] = [
      idempotencyKey.ofSystem("initial-grant"),
      idempotencyKey.ofTransaction(transactionId("txn-1")),
    ];
    for (const guess of guesses) expect(taken).not.toContain(idempotencyKey.ofCaller(guess));
  });

  test("a key comes back from a store as it went in", () => {
    const key = idempotencyKey.ofCaller("order-1");
    expect(idempotencyKey.stored(key)).toBe(key);
  });
});
