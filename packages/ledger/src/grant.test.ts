import { describe, expect, test } from "vitest";
import { credits } from "./credits.ts";
import { type Grant, inSpendingOrder, takeFromGrants } from "./grant.ts";
import { accountId, grantId } from "./ids.ts";
import { InvariantError } from "./invariant.ts";

const bucket = (id: string, is: { remaining?: number; priority?: number; createdAtMs?: number } = {}): Grant => ({
  id: grantId(id),
  accountId: accountId("user:ann"),
  source: "admin",
  amount: credits(100),
  remaining: credits(is.remaining ?? 100),
  priority: is.priority ?? 50,
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
      grants: [bucket("young", { createdAtMs: 2_000 }), bucket("old", { createdAtMs: 1_000 })],
      order: ["old", "young"],
      says: "the older goes first within a priority",
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
    { amount: 10, shares: [["first", 10]], left: { first: 20 }, says: "a part of the first" },
    { amount: 30, shares: [["first", 30]], left: { first: 0 }, says: "exactly the first, and nothing of the next" },
    {
      amount: 31,
      shares: [
        ["first", 30],
        ["last", 1],
      ],
      left: { first: 0, last: 69 },
      says: "what the first lacks from the next, passing over an empty one",
    },
    {
      amount: 100,
      shares: [
        ["first", 30],
        ["last", 70],
      ],
      left: { first: 0, last: 0 },
      says: "everything",
    },
    { amount: 0, shares: [], left: {}, says: "nothing" },
  ])("takes $says", ({ amount, shares, left }) => {
    const taken = takeFromGrants(grants, credits(amount));
    expect(taken.shares.map((share) => [share.grantId, share.amount])).toEqual(shares);
    expect(Object.fromEntries(taken.changed.map((grant) => [grant.id, grant.remaining]))).toEqual(left);
  });

  test("changes nothing of a grant but what remains", () => {
    const [changed] = takeFromGrants(grants, credits(10)).changed;
    expect(changed).toEqual({ ...grants[0], remaining: 20 });
  });

  test("stops before a wrong book when the grants hold less than the balance promised", () => {
    expect(() => takeFromGrants(grants, credits(101))).toThrow(InvariantError);
  });
});
