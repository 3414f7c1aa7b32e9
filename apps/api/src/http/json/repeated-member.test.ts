import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findRepeatedMember } from "./repeated-member.ts";

describe("findRepeatedMember", () => {
  test.each([
    { text: '{"amount":5,"amount":5000}', path: "amount" },
    { text: '{ "amount" : 5 , "b" : 1 , "amount" : 5 }', path: "amount" },
    { text: String.raw`{"amount":5,"\u0061mount":6}`, path: "amount" },
    { text: String.raw`{"a\"":1,"a\u0022":2}`, path: 'a"' },
    { text: String.raw`{"\\":1,"b":2,"\\":3}`, path: "\\" },
    { text: '{"":1,"":2}', path: "" },
    { text: '{"metadata":{"a":[1,{"b":{"c":1}},{"d":1,"e":2,"d":3}]}}', path: "metadata.a.2.d" },
    { text: '[[],[{"积分":1,"积分":2}]]', path: "1.0.积分" },
    { text: '{"a":{"x":1},"b":[{"x":1}],"a":0}', path: "a" },
    { text: '{"__proto__":1,"__proto__":2}', path: "__proto__" },
  ])("findRepeatedMember names $path in $text", ({ text, path }) => {
    expect(findRepeatedMember(text)).toBe(path);
  });

  test.each([
    "",
    "null",
    '"a:a"',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    String.raw`{"a":"\"a\":","b":"a\\","c":"{\"a\":1,\"a\":2}"}`,
    String.raw`{"a":1,"A":2,"a ":3,"\u00e1":4,"a\u0301":5}`,
    '{"toString":1,"constructor":2,"hasOwnProperty":3}',
  ])("findRepeatedMember finds nothing in %s", (text) => {
    expect(findRepeatedMember(text)).toBeUndefined();
  });

  test("findRepeatedMember finds nothing in what JSON.stringify writes, and every member that is written twice", () => {
    const names = fc.oneof(fc.constantFrom("a", "b", "\\", '"', "a\\", "\u2028", "\ud800", "__proto__"), fc.string());
    const { object } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(null, true, 1.5, -0),
        fc.string({ unit: "binary" }),
        fc.array(tie("value")),
        tie("object"),
      ),
      object: fc.dictionary(names, tie("value")),
    }));
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 2), (json, indent) => {
        const text = JSON.stringify(json, null, indent);
        expect(findRepeatedMember(text)).toBeUndefined();
        const [, first] = /^\{\s*("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
        if (first === undefined) return;
        const name: string = JSON.parse(first);
        const escaped = name.split("").map(toEscape).join("");
        for (const again of [first, `"${escaped}"`]) {
          expect(findRepeatedMember(`{${again}:[{}],${text.slice(1)}`)).toBe(name);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("findRepeatedMember returns for any text", () => {
    const pieces = fc.constantFrom('"', "\\", "{", "}", "[", "]", ":", ",", "a", "\\u", "0");
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        findRepeatedMember(parts.join(""));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    { says: "open lists", text: "[".repeat(100_000) },
    { says: "open objects", text: '{"a":'.repeat(20_000) },
    { says: "escaped quotes", text: `"${'\\"'.repeat(50_000)}` },
    { says: "backslashes and quotes", text: `"${"\\".repeat(50_001)}${'"'.repeat(50_000)}` },
    { says: "members", text: `{${Array.from({ length: 10_000 }, (_, index) => `"k${index}":0`).join(",")}}` },
  ])("findRepeatedMember reads 100 KB of $says in less than 200 ms", ({ text }) => {
    const started = performance.now();
    findRepeatedMember(text);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

const toEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
