import { constantFrom, property, assert as propertyHolds, string, tuple, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64url, decodeBase64urlText, encodeBase64url, isCompactToken } from "./base64url.ts";

/** Characters that decoders ignore or read as others, and some that are valid. */
const noise = string({
  unit: constantFrom("=", " ", "\n", "\t", "+", "/", "-", "_", "A", "B", "%", "é", "\0"),
  maxLength: 4,
});

describe("canonical base64url", () => {
  test("decodes what Node encodes, whatever the bytes are", () => {
    void propertyHolds(
      property(uint8Array({ maxLength: 40 }), (bytes) => {
        expect(decodeBase64url(Buffer.from(bytes).toString("base64url"))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test("is the only text of its bytes: every other text that decodes to them is refused", () => {
    let others = 0;
    void propertyHolds(
      property(uint8Array({ maxLength: 12 }), tuple(noise, noise, noise), (bytes, [before, within, after]) => {
        const text = Buffer.from(bytes).toString("base64url");
        const half = text.length >> 1;
        const last = text.slice(0, -1);
        const variants = [
          `${before}${text.slice(0, half)}${within}${text.slice(half)}${after}`,
          Buffer.from(bytes).toString("base64"),
          `${text}=`,
          ...[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].map((end) => `${last}${end}`),
        ];
        for (const variant of variants) {
          if (variant === text || !Buffer.from(variant, "base64url").equals(Buffer.from(bytes))) continue;
          others += 1;
          expect(decodeBase64url(variant)).toBeUndefined();
        }
      }),
    );
    expect(others).toBeGreaterThan(500);
  });

  test("decodes text, and refuses bytes that are not UTF-8", () => {
    for (const text of ["", "ann@example.com", "jürgen@münchen.de", "\ufeffa", "😀"]) {
      expect(decodeBase64urlText(encodeBase64url(text))).toBe(text);
    }
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x61, 0xe4]]) {
      expect(decodeBase64urlText(Buffer.from(bytes).toString("base64url"))).toBeUndefined();
    }
  });

  test.each([
    { text: "YQ.YQ.YQ", is: true },
    { text: "YQ..YQ", is: true },
    { text: "YQ.YQ", is: false },
    { text: "YQ.YQ.YQ.", is: false },
    { text: "YR.YQ.YQ", is: false },
    { text: "YQ.YQ.YQ==", is: false },
    { text: " YQ.YQ.YQ", is: false },
    { text: "YQ.Y\nQ.YQ", is: false },
  ])("whether $text is a compact token of three parts: $is", ({ text, is }) => {
    expect(isCompactToken(text, 3)).toBe(is);
  });
});
