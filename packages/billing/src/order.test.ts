import { assert as always, array, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";
import { isUnfinished, type OrderEvent, type OrderState, orderStates, stateAfter } from "./order.ts";

const events = [
  ...(["payable", "refused by the gateway", "closed by the provider"] as const),
  "closed without the provider",
  ...(["payment accepted", "credits granted"] as const),
] satisfies readonly OrderEvent[];

test.each<{ event: OrderEvent; from: readonly OrderState[]; to: OrderState }>([
  { event: "payable", from: ["new"], to: "open" },
  { event: "refused by the gateway", from: ["new"], to: "failed" },
  { event: "closed by the provider", from: ["new", "open"], to: "closed" },
  { event: "closed without the provider", from: ["new", "open"], to: "closed" },
  { event: "payment accepted", from: ["new", "open", "failed", "closed"], to: "paid" },
  { event: "credits granted", from: ["paid"], to: "credited" },
])("$event leads from $from to $to, and from nowhere else", ({ event, from, to }) => {
  for (const state of orderStates) expect(stateAfter(state, event)).toBe(from.includes(state) ? to : undefined);
});

test("in any order and repetition of events, an order with an accepted payment and a grant is credited", () => {
  void always(
    property(array(constantFrom(...events), { maxLength: 12 }), (history) => {
      const apply = (state: OrderState, event: OrderEvent) => stateAfter(state, event) ?? state;
      const before = history.reduce(apply, "new");
      expect(apply(apply(before, "payment accepted"), "credits granted")).toBe("credited");
      // Credited is final: whatever is said later.
      expect(history.reduce(apply, "credited")).toBe("credited");
      // Nothing is credited without a payment.
      if (before === "credited") expect(history).toContain("payment accepted");
    }),
  );
});

test("only orders that can still be paid are unfinished", () => {
  expect(orderStates.filter(isUnfinished)).toEqual(["new", "open"]);
});
