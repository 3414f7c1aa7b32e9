import { accountId, credits, grantId, InvariantError } from "@jifen/core";
import { describe, expect, test } from "vitest";
import { allocate, type Grant, inSpendingOrder, isExpired, remainingAllocations, takeAllocations } from "./grant.ts";

type GrantFields = { remaining?: number; priority?: number; expiresAtMs?: number; createdAtMs?: number };

const createGrant = (id: string, fields: GrantFields = {}): Grant => ({
  id: grantId(id),
  accountId: accountId("user:ann"),
  source: "admin",
  amount: credits(100),
  remaining: credits(fields.remaining ?? 100),
  priority: fields.priority ?? 50,
  expiresAtMs: fields.expiresAtMs ?? null,
  createdAtMs: fields.createdAtMs ?? 1_000,
});

describe("inSpendingOrder", () => {
  test.each([
    {
      grants: [createGrant("late", { priority: 60 }), createGrant("early", { priority: 40 })],
      order: ["early", "late"],
      says: "sorts the lower priority number first",
    },
    {
      grants: [createGrant("a-young", { createdAtMs: 2_000 }), createGrant("b-old", { createdAtMs: 1_000 })],
      order: ["b-old", "a-young"],
      says: "sorts the older grant first within a priority",
    },
    {
      grants: [
        createGrant("late", { expiresAtMs: 9_000, createdAtMs: 1 }),
        createGrant("soon", { expiresAtMs: 8_000, createdAtMs: 2 }),
      ],
      order: ["soon", "late"],
      says: "sorts the earlier expiry first, even if the grant is younger",
    },
    {
      grants: [
        createGrant("endless", { createdAtMs: 1 }),
        createGrant("ending", { expiresAtMs: 9_000_000, createdAtMs: 2 }),
      ],
      order: ["ending", "endless"],
      says: "sorts grants without expiry last",
    },
    {
      grants: [createGrant("endless", { priority: 40 }), createGrant("ending", { priority: 60, expiresAtMs: 2_000 })],
      order: ["endless", "ending"],
      says: "sorts by priority before expiry",
    },
    {
      grants: [
        createGrant("a-young", { expiresAtMs: 9, createdAtMs: 2 }),
        createGrant("b-old", { expiresAtMs: 9, createdAtMs: 1 }),
      ],
      order: ["b-old", "a-young"],
      says: "sorts the older grant first when the expiry is equal",
    },
    {
      grants: [
        createGrant("old", { priority: 60, createdAtMs: 1 }),
        createGrant("young", { priority: 40, createdAtMs: 9 }),
      ],
      order: ["young", "old"],
      says: "sorts by priority before age",
    },
    {
      grants: [createGrant("b"), createGrant("c"), createGrant("a")],
      order: ["a", "b", "c"],
      says: "sorts by id when all else is equal",
    },
  ])("inSpendingOrder $says", ({ grants, order }) => {
    expect(inSpendingOrder(grants).map((grant) => grant.id)).toEqual(order);
    expect(inSpendingOrder(grants.toReversed()).map((grant) => grant.id)).toEqual(order);
  });

  test("inSpendingOrder does not change its argument", () => {
    const grants = [createGrant("b"), createGrant("a")];
    inSpendingOrder(grants);
    expect(grants.map((grant) => grant.id)).toEqual(["b", "a"]);
  });
});

describe("allocate", () => {
  const grants = [
    createGrant("first", { remaining: 30, createdAtMs: 1 }),
    createGrant("empty", { remaining: 0, createdAtMs: 2 }),
    createGrant("last", { remaining: 70, createdAtMs: 3 }),
  ];

  test.each([
    { amount: 10, allocations: [["first", 10]], says: "a part of the first grant" },
    { amount: 30, allocations: [["first", 30]], says: "exactly the first grant, and nothing of the next" },
    {
      amount: 31,
      allocations: [
        ["first", 30],
        ["last", 1],
      ],
      says: "the rest from the next grant with credits left",
    },
    {
      amount: 100,
      allocations: [
        ["first", 30],
        ["last", 70],
      ],
      says: "everything that is left",
    },
    { amount: 0, allocations: [], says: "nothing" },
  ])("allocate takes $says", ({ amount, allocations }) => {
    expect(allocate(grants, credits(amount)).map((allocation) => [allocation.grantId, allocation.amount])).toEqual(
      allocations,
    );
  });

  test("allocate throws when the grants have less than the amount", () => {
    expect(() => allocate(grants, credits(101))).toThrow(InvariantError);
  });
});

describe("isExpired", () => {
  test.each([
    { expiresAtMs: null, expired: false, says: "false for a grant without expiry" },
    { expiresAtMs: 1_001, expired: false, says: "false one millisecond before the expiry" },
    { expiresAtMs: 1_000, expired: true, says: "true at the expiry" },
    { expiresAtMs: 999, expired: true, says: "true after the expiry" },
  ])("isExpired is $says", ({ expiresAtMs, expired }) => {
    expect(isExpired({ expiresAtMs }, 1_000)).toBe(expired);
  });
});

describe("takeAllocations and remainingAllocations", () => {
  const allocation = (id: string, amount: number) => ({ grantId: grantId(id), amount: credits(amount) });
  const taken = [allocation("a", 3), allocation("b", 4)];

  test.each([
    { amount: 0, first: [], says: "nothing" },
    { amount: 3, first: [allocation("a", 3)], says: "exactly the first allocation" },
    { amount: 5, first: [allocation("a", 3), allocation("b", 2)], says: "the first allocation and a part of the next" },
    { amount: 7, first: taken, says: "all allocations" },
  ])("takeAllocations takes $says", ({ amount, first }) => {
    expect(takeAllocations(taken, credits(amount))).toEqual(first);
  });

  test("takeAllocations throws when the allocations have less than the amount", () => {
    expect(() => takeAllocations(taken, credits(8))).toThrow(InvariantError);
  });

  test.each([
    { without: [], left: taken, says: "all when nothing was subtracted" },
    {
      without: [allocation("a", 1)],
      left: [allocation("a", 2), allocation("b", 4)],
      says: "the rest of an allocation that was subtracted in part",
    },
    {
      without: [allocation("a", 1), allocation("a", 2)],
      left: [allocation("b", 4)],
      says: "nothing of an allocation that was subtracted in parts",
    },
    { without: taken, left: [], says: "nothing when all was subtracted" },
  ])("remainingAllocations leaves $says", ({ without, left }) => {
    expect(remainingAllocations(taken, without)).toEqual(left);
  });
});
