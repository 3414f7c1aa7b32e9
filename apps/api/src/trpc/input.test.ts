import superjson from "superjson";
import { describe, expect, test } from "vitest";
import { readTrpcInput } from "./input.ts";

const roundTrip = (value: unknown) => readTrpcInput(JSON.parse(JSON.stringify(superjson.serialize(value))));

describe("readTrpcInput", () => {
  test.each([
    { value: undefined },
    { value: null },
    { value: { amount: 1, action: "a", metadata: { "a.b": [1, null, { c: "\\" }] } } },
  ])("readTrpcInput returns JSON unchanged: $value", ({ value }) => {
    expect(roundTrip(value)).toEqual(value);
  });

  test("readTrpcInput removes undefined fields at any depth and with any name", () => {
    const value = {
      a: undefined,
      b: { "c.d": undefined, "e\\f.": { g: undefined, h: 1 } },
      i: [{ j: undefined, k: 2 }],
    };
    expect(roundTrip(value)).toStrictEqual({ b: { "e\\f.": { h: 1 } }, i: [{ k: 2 }] });
    expect(roundTrip({ list: [1, undefined] })).toStrictEqual({ list: [1, null] });
  });

  test.each([
    { value: new Date(0) },
    { value: 10n },
    { value: Number.NaN },
    { value: new Set([1]) },
    { value: new Map([[1, 2]]) },
    { value: /a/ },
    { value: new URL("https://example.com") },
    { value: new Float64Array(1) },
    { value: new Error("x") },
  ])("readTrpcInput refuses a value that is not JSON and names its path: $value", ({ value }) => {
    const refusal = { code: "VALIDATION_FAILED", issues: [{ path: "metadata.a" }] };
    expect(() => roundTrip({ metadata: { a: value } })).toThrow(
      expect.objectContaining({
        refusal: expect.objectContaining({
          code: refusal.code,
          issues: [expect.objectContaining({ path: "metadata.a" })],
        }),
      }),
    );
  });

  test.each([5, "abc", null, [], ["map"], ["undefined", {}]])(
    "readTrpcInput refuses the malformed annotations %j",
    (values) => {
      expect(() => readTrpcInput({ json: {}, meta: { values } as never })).toThrow();
    },
  );

  test.each(["__proto__.x", "constructor.prototype.x", "a.__proto__", "toString", `${"a.".repeat(10_000)}a`])(
    "readTrpcInput changes no inherited property: %s",
    (path) => {
      const json = { a: { b: null } };
      expect(readTrpcInput({ json, meta: { values: { [path]: ["undefined"] } } })).toEqual({ a: { b: null } });
      expect(typeof {}.toString).toBe("function");
    },
  );
});
