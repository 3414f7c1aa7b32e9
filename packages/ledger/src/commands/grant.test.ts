import { credits, grantId, InvariantError, idempotencyKey, MAX_AMOUNT, MAX_BALANCE, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { Books } from "../../test/books.ts";
import { ann, done, give, refusal, spend } from "../../test/commands.ts";
import { type AccountState, emptyAccount } from "../account.ts";
import { type GrantCredits, grant } from "./grant.ts";

const holding = (balance: number, held: number): AccountState => ({
  ...emptyAccount(ann),
  account: { id: ann, balance: credits(balance), held: credits(held), sequence: 3, nextExpiryMs: 7_000 },
  grants: [
    {
      id: grantId("grant-old"),
      accountId: ann,
      source: "admin",
      amount: credits(balance + held),
      remaining: credits(balance),
      priority: 50,
      expiresAtMs: null,
      createdAtMs: 0,
    },
  ],
});

const giving = (amount: number, is: Partial<GrantCredits> = {}): GrantCredits =>
  give(amount, {
    idempotencyKey: idempotencyKey.ofSystem("initial"),
    transactionId: transactionId("txn-1"),
    grantId: grantId("grant-1"),
    source: "initial",
    priority: 20,
    reason: "welcome",
    ...is,
  });

const run = (state: AccountState, command: GrantCredits) => grant({ state, entries: [] }, command, 1_234);

describe("granting credits", () => {
  test("opens an account with the first grant", () => {
    const bucket = {
      ...{ id: "grant-1", accountId: ann, source: "initial", amount: 100, remaining: 100 },
      ...{ priority: 20, expiresAtMs: 5_000, createdAtMs: 1_234 },
    };
    expect(run(emptyAccount(ann), giving(100, { expiresAtMs: 5_000 }))).toEqual({
      ok: true,
      value: {
        state: {
          account: { id: ann, balance: 100, held: 0, sequence: 1, nextExpiryMs: 5_000 },
          grants: [bucket],
          holds: [],
          otherHoldsExpiryMs: null,
        },
        entries: [
          {
            ...{ id: "txn-1", accountId: ann, sequence: 1, idempotencyKey: "system:initial", kind: "grant" },
            ...{ amount: 100, action: "welcome", metadata: null, referenceId: "grant-1", expiredOnReturn: 0 },
            ...{ debit: "system:issued", credit: ann, balanceAfter: 100, heldAfter: 0 },
            ...{ requestParams: '{"source":"initial","priority":20,"expiresAtMs":5000}', expiresAtMs: 5_000 },
            ...{ allocations: [{ grantId: "grant-1", amount: 100 }], createdAtMs: 1_234 },
          },
        ],
      },
    });
  });

  test("adds to what is there and leaves what is held", () => {
    expect(run(holding(40, 60), giving(5))).toMatchObject({
      value: {
        state: { account: { balance: 45, held: 60, sequence: 4 } },
        entries: [{ balanceAfter: 45, heldAfter: 60 }],
      },
    });
  });

  test.each([
    {
      balance: MAX_BALANCE - MAX_AMOUNT,
      held: 0,
      accepted: true,
      says: "fills an account to the last credit it may hold",
    },
    { balance: MAX_BALANCE - MAX_AMOUNT + 1, held: 0, accepted: false, says: "refuses one credit more" },
    { balance: MAX_BALANCE - MAX_AMOUNT - 1, held: 2, accepted: false, says: "counts what is held" },
  ])("$says", ({ balance, held, accepted }) => {
    const outcome = run(holding(balance, held), giving(MAX_AMOUNT));
    expect(outcome.ok).toBe(accepted);
    if (!outcome.ok) expect(outcome.refusal).toEqual({ code: "BALANCE_LIMIT", balance, limit: MAX_BALANCE });
  });

  test("stops when the account disagrees with its grants", () => {
    const state = holding(40, 0);
    expect(() => run({ ...state, grants: [] }, giving(1))).toThrow(InvariantError);
  });
});

describe("a grant that ends", () => {
  test.each([
    { expiresAtMs: 1_233, accepted: false, says: "is refused when it has ended" },
    { expiresAtMs: 1_234, accepted: false, says: "is refused when it ends this moment" },
    { expiresAtMs: 1_235, accepted: true, says: "is accepted for one millisecond" },
    { expiresAtMs: null, accepted: true, says: "is accepted when it never does" },
  ])("$says", ({ expiresAtMs, accepted }) => {
    const outcome = run(emptyAccount(ann), giving(5, { expiresAtMs }));
    expect(outcome.ok).toBe(accepted);
    if (!outcome.ok) expect(outcome.refusal).toEqual({ code: "EXPIRY_PASSED", nowMs: 1_234 });
  });

  test("is refused for its end before it is refused for the limit", () => {
    const outcome = run(holding(MAX_BALANCE, 0), giving(5, { expiresAtMs: 1 }));
    expect(outcome).toMatchObject({ refusal: { code: "EXPIRY_PASSED" } });
  });

  test.each([
    { expiresAtMs: 6_000, due: 6_000, says: "makes the account due sooner" },
    { expiresAtMs: 8_000, due: 7_000, says: "does not put off what is due before" },
    { expiresAtMs: null, due: 7_000, says: "changes nothing about that when it never ends" },
  ])("$says", ({ expiresAtMs, due }) => {
    expect(run(holding(5, 0), giving(5, { expiresAtMs }))).toMatchObject({
      value: { state: { account: { nextExpiryMs: due } } },
    });
  });
});

describe("grants are spent in their order", () => {
  const order = [
    give(10, { priority: 80, expiresAtMs: 5_000, grantId: grantId("4-last-although-it-ends") }),
    give(10, { priority: 50, expiresAtMs: null, grantId: grantId("3-never-ends") }),
    give(10, { priority: 50, expiresAtMs: 90_000, grantId: grantId("2-ends-later") }),
    give(10, { priority: 50, expiresAtMs: 80_000, grantId: grantId("1-ends-sooner") }),
    give(10, { priority: 20, expiresAtMs: null, grantId: grantId("0-first") }),
  ];

  test("whatever the order in which they came", () => {
    const books = new Books();
    for (const each of order) done(books.run(each));
    const { entry } = done(books.run(spend(45)));
    expect(entry.allocations.map(({ grantId: id, amount }) => `${id} ${amount}`)).toEqual([
      "0-first 10",
      "1-ends-sooner 10",
      "2-ends-later 10",
      "3-never-ends 10",
      "4-last-although-it-ends 5",
    ]);
  });

  test("and nothing of one that has ended", () => {
    const books = new Books();
    for (const each of order) done(books.run(each));
    books.nowMs = 80_000;
    expect(refusal(books.run(spend(31)))).toEqual({ code: "INSUFFICIENT_CREDITS", balance: 30, required: 31 });
    const { entry } = done(books.run(spend(30)));
    expect(entry.allocations.map(({ grantId: id }) => id)).toEqual(["0-first", "2-ends-later", "3-never-ends"]);
  });
});
