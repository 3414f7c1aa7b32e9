import { expect, test } from "vitest";
import { reversalStateAfter, reversalStates } from "./reversal.ts";

test("money is sent only after the credits were taken", () => {
  expect(reversalStateAfter("asked", "accepted by the provider")).toBeUndefined();
  expect(reversalStateAfter("asked", "done by the provider")).toBeUndefined();
  expect(reversalStateAfter("asked", "credits taken")).toBe("taken");
  expect(reversalStateAfter("taken", "accepted by the provider")).toBe("sent");
});

test("that the provider accepted a reversal is no success: only its own word ends it", () => {
  expect(reversalStateAfter("sent", "done by the provider")).toBe("done");
  expect(reversalStateAfter("sent", "refused by the provider")).toBe("failing");
  expect(reversalStateAfter("sent", "abnormal at the provider")).toBe("stuck");
});

test("a reversal that is stuck is retried under its id, or settled by hand", () => {
  expect(reversalStateAfter("stuck", "retried by staff")).toBe("taken");
  expect(reversalStateAfter("stuck", "settled by staff")).toBe("done");
});

test("a reversal that fails or failed never takes or sends anything again", () => {
  for (const event of [
    "credits taken",
    "accepted by the provider",
    "done by the provider",
    "retried by staff",
  ] as const) {
    expect(reversalStateAfter("failing", event)).toBeUndefined();
    expect(reversalStateAfter("failed", event)).toBeUndefined();
  }
});

test("no money is sent for credits that are missing, nor for a dispute that was dropped", () => {
  expect(reversalStateAfter("taken", "credits missing")).toBe("failing");
  expect(reversalStateAfter("sent", "credits missing")).toBeUndefined();
  expect(reversalStateAfter("asked", "dropped before money moved")).toBe("failing");
  expect(reversalStateAfter("taken", "dropped before money moved")).toBeUndefined();
});

test("credits are given back at most once, and only after it is noted that no money goes back", () => {
  const givingBack = reversalStates.filter((state) => reversalStateAfter(state, "credits given back") !== undefined);
  expect(givingBack).toEqual(["failing"]);
  expect(reversalStateAfter("done", "taken back by the provider")).toBe("failing");
});
