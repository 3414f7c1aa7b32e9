import { credits, grantId, InvariantError, idempotencyKey, MAX_AMOUNT, MAX_BALANCE, transactionId } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { ann, byShop, consumeCredits, grantCredits, refusalOf, unwrap } from "../../test/commands.ts";
import { InMemoryLedger } from "../../test/in-memory-ledger.ts";
import { type AccountState, emptyAccount } from "../account.ts";
import { type GrantCredits, grant } from "./grant.ts";

const createAccount = (balance: number, held: number): AccountState => ({
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

const createCommand = (amount: number, is: Partial<GrantCredits> = {}): GrantCredits =>
  grantCredits(amount, {
    idempotencyKey: idempotencyKey.ofSystem("initial"),
    transactionId: transactionId("txn-1"),
    grantId: grantId("grant-1"),
    source: "initial",
    priority: 20,
    reason: "welcome",
    ...is,
  });

const run = (state: AccountState, command: GrantCredits) => grant({ state, entries: [] }, command, 1_234);

describe("grant", () => {
  test("the first grant opens the account", () => {
    const newGrant = {
      ...{ id: "grant-1", accountId: ann, source: "initial", amount: 100, remaining: 100 },
      ...{ priority: 20, expiresAtMs: 5_000, createdAtMs: 1_234 },
    };
    expect(run(emptyAccount(ann), createCommand(100, { expiresAtMs: 5_000 }))).toEqual({
      ok: true,
      value: {
        state: {
          account: { id: ann, balance: 100, held: 0, sequence: 1, nextExpiryMs: 5_000 },
          grants: [newGrant],
          holds: [],
          otherHoldsExpiryMs: null,
        },
        entries: [
          {
            ...{ id: "txn-1", accountId: ann, sequence: 1, idempotencyKey: "system:initial", kind: "grant" },
            ...{ amount: 100, action: "welcome", metadata: null, referenceId: "grant-1", expiredOnReturn: 0 },
            ...{ debit: "system:issued", credit: ann, balanceAfter: 100, heldAfter: 0 },
            ...{ requestParams: '{"source":"initial","priority":20,"expiresAtMs":5000}', expiresAtMs: 5_000 },
            ...{ allocations: [{ grantId: "grant-1", amount: 100 }], createdAtMs: 1_234, ...byShop },
          },
        ],
      },
    });
  });

  test("a grant adds to the balance and does not change held credits", () => {
    expect(run(createAccount(40, 60), createCommand(5))).toMatchObject({
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
      says: "accepts an amount that reaches the maximum balance",
    },
    {
      balance: MAX_BALANCE - MAX_AMOUNT + 1,
      held: 0,
      accepted: false,
      says: "refuses one credit above the maximum balance",
    },
    {
      balance: MAX_BALANCE - MAX_AMOUNT - 1,
      held: 2,
      accepted: false,
      says: "counts held credits for the maximum balance",
    },
  ])("grant $says", ({ balance, held, accepted }) => {
    const outcome = run(createAccount(balance, held), createCommand(MAX_AMOUNT));
    expect(outcome.ok).toBe(accepted);
    if (!outcome.ok) expect(outcome.refusal).toEqual({ code: "BALANCE_LIMIT", balance, limit: MAX_BALANCE });
  });

  test("grant throws when the account disagrees with its grants", () => {
    const state = createAccount(40, 0);
    expect(() => run({ ...state, grants: [] }, createCommand(1))).toThrow(InvariantError);
  });
});

describe("a grant with an expiry", () => {
  test.each([
    { expiresAtMs: 1_233, accepted: false, says: "is refused when its expiry has passed" },
    { expiresAtMs: 1_234, accepted: false, says: "is refused when it expires now" },
    { expiresAtMs: 1_235, accepted: true, says: "is accepted when it expires in one millisecond" },
    { expiresAtMs: null, accepted: true, says: "is accepted without an expiry" },
  ])("a grant $says", ({ expiresAtMs, accepted }) => {
    const outcome = run(emptyAccount(ann), createCommand(5, { expiresAtMs }));
    expect(outcome.ok).toBe(accepted);
    if (!outcome.ok) expect(outcome.refusal).toEqual({ code: "EXPIRY_PASSED", nowMs: 1_234 });
  });

  test("a grant is refused for its expiry before the balance limit is checked", () => {
    const outcome = run(createAccount(MAX_BALANCE, 0), createCommand(5, { expiresAtMs: 1 }));
    expect(outcome).toMatchObject({ refusal: { code: "EXPIRY_PASSED" } });
  });

  test.each([
    { expiresAtMs: 6_000, due: 6_000, says: "moves the next expiry forward" },
    { expiresAtMs: 8_000, due: 7_000, says: "does not delay an earlier next expiry" },
    { expiresAtMs: null, due: 7_000, says: "does not change the next expiry when it never expires" },
  ])("a grant $says", ({ expiresAtMs, due }) => {
    expect(run(createAccount(5, 0), createCommand(5, { expiresAtMs }))).toMatchObject({
      value: { state: { account: { nextExpiryMs: due } } },
    });
  });
});

describe("the spending order of grants", () => {
  const order = [
    grantCredits(10, { priority: 80, expiresAtMs: 5_000, grantId: grantId("4-lowest-priority") }),
    grantCredits(10, { priority: 50, expiresAtMs: null, grantId: grantId("3-never-expires") }),
    grantCredits(10, { priority: 50, expiresAtMs: 90_000, grantId: grantId("2-expires-later") }),
    grantCredits(10, { priority: 50, expiresAtMs: 80_000, grantId: grantId("1-expires-sooner") }),
    grantCredits(10, { priority: 20, expiresAtMs: null, grantId: grantId("0-highest-priority") }),
  ];

  test("grants are spent in spending order, not in the order in which they were granted", () => {
    const ledger = new InMemoryLedger();
    for (const each of order) unwrap(ledger.run(each));
    const { entry } = unwrap(ledger.run(consumeCredits(45)));
    expect(entry.allocations.map(({ grantId: id, amount }) => `${id} ${amount}`)).toEqual([
      "0-highest-priority 10",
      "1-expires-sooner 10",
      "2-expires-later 10",
      "3-never-expires 10",
      "4-lowest-priority 5",
    ]);
  });

  test("nothing is spent of an expired grant", () => {
    const ledger = new InMemoryLedger();
    for (const each of order) unwrap(ledger.run(each));
    ledger.nowMs = 80_000;
    expect(refusalOf(ledger.run(consumeCredits(31)))).toEqual({
      code: "INSUFFICIENT_CREDITS",
      balance: 30,
      required: 31,
    });
    const { entry } = unwrap(ledger.run(consumeCredits(30)));
    expect(entry.allocations.map(({ grantId: id }) => id)).toEqual([
      "0-highest-priority",
      "2-expires-later",
      "3-never-expires",
    ]);
  });
});
