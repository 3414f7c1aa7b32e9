import { assert as always, array, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { factorOf, factorText, parseFactor } from "./factor.ts";

const at = { action: "video", group: "vip", nowMs: 1_000 };

test.each([
  { multipliers: [], text: "1", says: "no multiplier changes nothing" },
  { multipliers: [{ ppm: 900_000 }], text: "0.9", says: "a multiplier of all counts" },
  { multipliers: [{ ppm: 900_000 }, { ppm: 500_000 }], text: "0.45", says: "several count together" },
  { multipliers: [{ ppm: 333_333 }, { ppm: 333_333 }], text: "0.111110888889", says: "their product is exact" },
  { multipliers: [{ ppm: 2_500_000 }], text: "2.5", says: "a multiplier can raise a price" },
  { multipliers: [{ action: "image", ppm: 1 }], text: "1", says: "that of another action does not count" },
  { multipliers: [{ group: "default", ppm: 1 }], text: "1", says: "that of another group does not count" },
  { multipliers: [{ ppm: 2, fromMs: 1_000 }], text: "0.000002", says: "one counts in its first millisecond" },
  { multipliers: [{ ppm: 2, toMs: 1_000 }], text: "1", says: "one does not count at its end" },
  { multipliers: [{ ppm: 2, fromMs: 1_001 }], text: "1", says: "one does not count before its begin" },
])("of the multipliers of a price, $says", ({ multipliers, text }) => {
  expect(factorText(factorOf({ multipliers }, at))).toBe(text);
});

test("the text of any factor is read back as the same number", () => {
  void always(
    property(array(integer({ min: 1, max: 100_000_000 }), { maxLength: 4 }), (all) => {
      const factor = factorOf({ multipliers: all.map((ppm) => ({ ppm })) }, at);
      const read = parseFactor(factorText(factor));
      expect(read.numerator * factor.denominator).toBe(factor.numerator * read.denominator);
    }),
  );
});

test.each(["", "0,9", "1e2", "-1", "0.9 ", "1".repeat(10)])("%j is no factor", (text) => {
  expect(() => parseFactor(text)).toThrow(RangeError);
});
