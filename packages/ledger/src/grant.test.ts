import { accountId, credits, grantId, InvariantError } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { allocate, type Grant, inSpendingOrder, isExpired, remainingAllocations, takeAllocations } from "./grant.ts";

type Is = { remaining?: number; priority?: number; expiresAtMs?: number; createdAtMs?: number };

const bucket = (id: string, is: Is = {}): Grant => ({
  id: grantId(id),
  accountId: accountId("user:ann"),
  source: "admin",
  amount: credits(100),
  remaining: credits(is.remaining ?? 100),
  priority: is.priority ?? 50,
  expiresAtMs: is.expiresAtMs ?? null,
  createdAtMs: is.createdAtMs ?? 1_000,
});

describe("the order in which grants are spent", () => {
  test.each([
    {
      grants: [bucket("late", { priority: 60 }), bucket("early", { priority: 40 })],
      order: ["early", "late"],
      says: "the lower priority goes first",
    },
    {
      grants: [bucket("a-young", { createdAtMs: 2_000 }), bucket("b-old", { createdAtMs: 1_000 })],
      order: ["b-old", "a-young"],
      says: "the older goes first within a priority",
    },
    {
      grants: [
        bucket("late", { expiresAtMs: 9_000, createdAtMs: 1 }),
        bucket("soon", { expiresAtMs: 8_000, createdAtMs: 2 }),
      ],
      order: ["soon", "late"],
      says: "what expires sooner goes first, although it is younger",
    },
    {
      grants: [bucket("endless", { createdAtMs: 1 }), bucket("ending", { expiresAtMs: 9_000_000, createdAtMs: 2 })],
      order: ["ending", "endless"],
      says: "what never expires goes last",
    },
    {
      grants: [bucket("endless", { priority: 40 }), bucket("ending", { priority: 60, expiresAtMs: 2_000 })],
      order: ["endless", "ending"],
      says: "priority weighs more than expiry",
    },
    {
      grants: [
        bucket("a-young", { expiresAtMs: 9, createdAtMs: 2 }),
        bucket("b-old", { expiresAtMs: 9, createdAtMs: 1 }),
      ],
      order: ["b-old", "a-young"],
      says: "the older goes first of those that expire together",
    },
    {
      grants: [bucket("old", { priority: 60, createdAtMs: 1 }), bucket("young", { priority: 40, createdAtMs: 9 })],
      order: ["young", "old"],
      says: "priority weighs more than age",
    },
    {
      grants: [bucket("b"), bucket("c"), bucket("a")],
      order: ["a", "b", "c"],
      says: "the id decides within a millisecond",
    },
  ])("$says", ({ grants, order }) => {
    expect(inSpendingOrder(grants).map((grant) => grant.id)).toEqual(order);
    expect(inSpendingOrder(grants.toReversed()).map((grant) => grant.id)).toEqual(order);
  });

  test("looking does not move the grants of the caller", () => {
    const grants = [bucket("b"), bucket("a")];
    inSpendingOrder(grants);
    expect(grants.map((grant) => grant.id)).toEqual(["b", "a"]);
  });
});

describe("taking from grants", () => {
  const grants = [
    bucket("first", { remaining: 30, createdAtMs: 1 }),
    bucket("empty", { remaining: 0, createdAtMs: 2 }),
    bucket("last", { remaining: 70, createdAtMs: 3 }),
  ];

  test.each([
    { amount: 10, allocations: [["first", 10]], says: "a part of the first" },
    { amount: 30, allocations: [["first", 30]], says: "exactly the first, and nothing of the next" },
    {
      amount: 31,
      allocations: [
        ["first", 30],
        ["last", 1],
      ],
      says: "what the first lacks from the next, passing over an empty one",
    },
    {
      amount: 100,
      allocations: [
        ["first", 30],
        ["last", 70],
      ],
      says: "everything",
    },
    { amount: 0, allocations: [], says: "nothing" },
  ])("takes $says", ({ amount, allocations }) => {
    expect(allocate(grants, credits(amount)).map((share) => [share.grantId, share.amount])).toEqual(allocations);
  });

  test("stops before a wrong book when the grants hold less than the balance promised", () => {
    expect(() => allocate(grants, credits(101))).toThrow(InvariantError);
  });
});

describe("the end of a grant's life", () => {
  test.each([
    { expiresAtMs: null, over: false, says: "never comes for one without an end" },
    { expiresAtMs: 1_001, over: false, says: "has not come one millisecond before" },
    { expiresAtMs: 1_000, over: true, says: "has come at the moment itself" },
    { expiresAtMs: 999, over: true, says: "has come afterwards" },
  ])("$says", ({ expiresAtMs, over }) => {
    expect(isExpired({ expiresAtMs }, 1_000)).toBe(over);
  });
});

describe("the shares of what was taken", () => {
  const share = (id: string, amount: number) => ({ grantId: grantId(id), amount: credits(amount) });
  const taken = [share("a", 3), share("b", 4)];

  test.each([
    { amount: 0, first: [], says: "nothing" },
    { amount: 3, first: [share("a", 3)], says: "exactly one" },
    { amount: 5, first: [share("a", 3), share("b", 2)], says: "one and a part of the next" },
    { amount: 7, first: taken, says: "all" },
  ])("begin with $says", ({ amount, first }) => {
    expect(takeAllocations(taken, credits(amount))).toEqual(first);
  });

  test("cannot make up more than there is", () => {
    expect(() => takeAllocations(taken, credits(8))).toThrow(InvariantError);
  });

  test.each([
    { without: [], left: taken, says: "all while nothing was given back" },
    { without: [share("a", 1)], left: [share("a", 2), share("b", 4)], says: "less of the grant that got some back" },
    {
      without: [share("a", 1), share("a", 2)],
      left: [share("b", 4)],
      says: "nothing of one that got all back in parts",
    },
    { without: taken, left: [], says: "nothing when all was given back" },
  ])("leave $says", ({ without, left }) => {
    expect(remainingAllocations(taken, without)).toEqual(left);
  });
});
