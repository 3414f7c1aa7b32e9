import { assert as always, integer, nat, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { CODE_BYTES, makeCode, readCode } from "./code.ts";

const anyCode = uint8Array({ minLength: CODE_BYTES, maxLength: CODE_BYTES }).map(makeCode);
const plain = (code: string) => code.replaceAll("-", "");

test("a code has four groups of five characters without I, L, O and U", () => {
  void always(
    property(anyCode, (code) => {
      expect(code).toMatch(/^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/);
      expect(code).not.toMatch(/[IL]|[OU]/);
    }),
  );
});

test("a code is read in either case, with any hyphens and spaces, and with letters for digits", () => {
  void always(
    property(anyCode, (code) => {
      expect(readCode(code)).toBe(plain(code));
      expect(readCode(` ${code.toLowerCase().replaceAll("-", " ")}\n`)).toBe(plain(code));
      expect(readCode(code.replaceAll("0", "o").replaceAll("1", "l"))).toBe(plain(code));
    }),
  );
});

test("a code with one wrong character is not read", () => {
  void always(
    property(anyCode, nat(19), integer({ min: 1, max: 31 }), (code, at, by) => {
      const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
      const characters = [...plain(code)];
      characters[at] = alphabet[(alphabet.indexOf(characters[at] ?? "") + by) % 32] ?? "";
      expect(readCode(characters.join(""))).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
});

test("a code with two swapped characters is not read", () => {
  void always(
    property(anyCode, nat(19), nat(19), (code, one, other) => {
      const characters = [...plain(code)];
      const [a, b] = [characters[one] ?? "", characters[other] ?? ""];
      [characters[one], characters[other]] = [b, a];
      expect(readCode(characters.join(""))).toBe(a === b ? plain(code) : undefined);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  "",
  "ABCDE",
  "ABCDE-ABCDE-ABCDE-ABCD",
  "ABCDE-ABCDE-ABCDE-ABCDE-A",
  "ABCDE-ABCDE-ABCDE-ABCDU",
  "积分".repeat(10),
])("%j is no code", (text) => {
  expect(readCode(text)).toBeUndefined();
});

test("a code needs all of its random bytes", () => {
  expect(() => makeCode(new Uint8Array(CODE_BYTES - 1))).toThrow(RangeError);
});
