import { describe, expect, test } from "vitest";
import { keyPrefix, looksLikeServiceKey, newKeyId, newServiceKey, parseServiceKey } from "./service-key.ts";

const alphabet = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];

describe("a service key", () => {
  test("a generated service key is parsed to its id and hash", () => {
    const id = newKeyId();
    const { text, hash } = newServiceKey(id);
    expect(text).toMatch(/^jf_live_[0-9A-Za-z]{50}$/);
    expect(text.startsWith(keyPrefix(id))).toBe(true);
    expect(parseServiceKey(text)).toEqual({ id, hash });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("every generated service key is different, also for the same id", () => {
    const texts = Array.from({ length: 1_000 }, () => newServiceKey("AAAAAAAAAAAA").text);
    expect(new Set(texts).size).toBe(1_000);
    expect(new Set(Array.from({ length: 1_000 }, newKeyId)).size).toBe(1_000);
  });

  test("a service key with one changed character, or two swapped ones, is not parsed", () => {
    const { text } = newServiceKey(newKeyId());
    for (let at = "jf_live_".length; at < text.length; at += 1) {
      for (const other of alphabet.filter((each) => each !== text[at])) {
        expect(parseServiceKey(`${text.slice(0, at)}${other}${text.slice(at + 1)}`)).toBeUndefined();
      }
      const swapped = `${text.slice(0, at)}${text[at + 1] ?? ""}${text[at]}${text.slice(at + 2)}`;
      if (swapped !== text) expect(parseServiceKey(swapped)).toBeUndefined();
    }
  });

  test.each(["", "jf_live_", "jf_test_", "jf_live_x", `jf_live_${"a".repeat(10_000)}`, `jf_live_${"é".repeat(50)}`])(
    "%j is not parsed as a service key",
    (text) => {
      expect(parseServiceKey(text)).toBeUndefined();
    },
  );

  test("a jf_test_ key is recognised as a service key and not parsed", () => {
    const { text } = newServiceKey(newKeyId());
    const testKey = text.replace("live", "test");
    expect([looksLikeServiceKey(testKey), parseServiceKey(testKey)]).toEqual([true, undefined]);
    expect(looksLikeServiceKey("eyJhbGciOiJIUzI1NiJ9.e30.x")).toBe(false);
  });
});
