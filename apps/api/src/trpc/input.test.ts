import superjson from "superjson";
import { describe, expect, test } from "vitest";
import { readTrpcInput } from "./input.ts";

const sent = (value: unknown) => readTrpcInput(JSON.parse(JSON.stringify(superjson.serialize(value))));

describe("what a typed client sends", () => {
  test.each([
    { value: undefined },
    { value: null },
    { value: { amount: 1, action: "a", metadata: { "a.b": [1, null, { c: "\\" }] } } },
  ])("comes out as it was: $value", ({ value }) => {
    expect(sent(value)).toEqual(value);
  });

  test("comes out without fields that are undefined, however deep and whatever they are called", () => {
    const value = {
      a: undefined,
      b: { "c.d": undefined, "e\\f.": { g: undefined, h: 1 } },
      i: [{ j: undefined, k: 2 }],
    };
    expect(sent(value)).toStrictEqual({ b: { "e\\f.": { h: 1 } }, i: [{ k: 2 }] });
    expect(sent({ list: [1, undefined] })).toStrictEqual({ list: [1, null] });
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
  ])("is refused, by its place, when it is no JSON: $value", ({ value }) => {
    const refusal = { code: "VALIDATION_FAILED", issues: [{ path: "metadata.a" }] };
    expect(() => sent({ metadata: { a: value } })).toThrow(
      expect.objectContaining({
        refusal: expect.objectContaining({
          code: refusal.code,
          issues: [expect.objectContaining({ path: "metadata.a" })],
        }),
      }),
    );
  });

  test.each([5, "abc", null, [], ["map"], ["undefined", {}]])(
    "is refused when what is noted about it is %j",
    (values) => {
      expect(() => readTrpcInput({ json: {}, meta: { values } as never })).toThrow();
    },
  );

  test.each(["__proto__.x", "constructor.prototype.x", "a.__proto__", "toString", `${"a.".repeat(10_000)}a`])(
    "touches nothing that is not its own: %s",
    (path) => {
      const json = { a: { b: null } };
      expect(readTrpcInput({ json, meta: { values: { [path]: ["undefined"] } } })).toEqual({ a: { b: null } });
      expect(typeof {}.toString).toBe("function");
    },
  );
});
