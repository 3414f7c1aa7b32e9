import type { JsonObject } from "@jifen/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor, keepDetails } from "./redactor.ts";

const redact = createRedactor(["phone"]);
const token = `ghp_${"a1B2c3D4e5".repeat(4)}`;

describe("redacting details", () => {
  test.each<{ says: string; details: JsonObject; value: JsonObject; places: number }>([
    {
      says: "a text under the name of a secret is redacted, whatever it is",
      details: { password: "a", apiKey: "短", client_secret: "x y", "set-cookie": "a=b", Phone: "1" },
      value: {
        password: "[redacted]",
        apiKey: "[redacted]",
        client_secret: "[redacted]",
        "set-cookie": "[redacted]",
        Phone: "[redacted]",
      },
      places: 5,
    },
    {
      says: "numbers, booleans, null and the empty text stay under any name",
      details: { token: 5, secret: true, password: null, cookie: "", usage: { promptTokens: 51, tokens: "51" } },
      value: { token: 5, secret: true, password: null, cookie: "", usage: { promptTokens: 51, tokens: "51" } },
      places: 0,
    },
    {
      says: "each text below the name of a secret is redacted",
      details: { cookies: ["a=1", ["b=2", 3]], credentials: { user: "ann", ids: [{ name: "x", n: 1 }] } },
      value: {
        cookies: ["[redacted]", ["[redacted]", 3]],
        credentials: { user: "[redacted]", ids: [{ name: "[redacted]", n: 1 }] },
      },
      places: 4,
    },
    {
      says: "a text that looks like a secret is redacted at any depth, and its neighbours stay",
      details: { steps: [{ run: [`use ${token}`, "2", null] }, [[token]]], prompt: "橘猫" },
      value: { steps: [{ run: ["use [redacted]", "2", null] }, [["[redacted]"]]], prompt: "橘猫" },
      places: 2,
    },
    {
      says: "a name never changes",
      details: { [token]: 1, constructor: "a", toString: ["b"] },
      value: { [token]: 1, constructor: "a", toString: ["b"] },
      places: 0,
    },
  ])("$says", ({ details, value, places }) => {
    const before = structuredClone(details);
    expect(redact(details)).toEqual({ value, places });
    expect(details).toEqual(before);
  });

  test("the order of the fields stays", () => {
    const details = { z: token, b: 1, a: "x", 7: "y" };
    expect(Object.keys(redact(details).value)).toEqual(Object.keys(details));
  });

  test("LOG_REDACT=off keeps everything", () => {
    const details = { password: "a", token };
    expect(keepDetails(details)).toEqual({ value: details, places: 0 });
  });
});

describe("redacting generated details", () => {
  const parts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 10 }),
    fc.constantFrom(
      "Bearer ",
      "bearer\t",
      "sk-",
      "jf_live_",
      "AIza",
      "eyJ",
      "whsec_",
      "ghp_",
      "hf_",
      "SG.",
      "LTAI",
      "AKIA",
    ),
    fc.constantFrom(
      "-----BEGIN RSA PRIVATE KEY-----",
      "-----END RSA PRIVATE KEY-----",
      "-----",
      "data:image/png;base64,",
    ),
    fc.constantFrom("data:,", "dop_v1_", ".", "/", "=", " ", "\n", "\r\n", "-", "_", "[redacted]", "密钥"),
    fc.integer({ min: 1, max: 90 }).map((length) => "a1B2c3D4e5".repeat(9).slice(0, length)),
    fc.integer({ min: 900, max: 1_300 }).map((length) => "a1B2c3D4e5".repeat(130).slice(0, length)),
  );
  const text = fc.array(parts, { maxLength: 12 }).map((each) => each.join(""));
  const name = fc.oneof(
    fc.string({ unit: "binary", maxLength: 8 }).filter((each) => each !== "__proto__"),
    fc.constantFrom("password", "apiKey", "promptTokens", "cookies", "prompt", "用户"),
  );
  const { details } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: "small" },
      text,
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      tie("list"),
      tie("details"),
    ),
    list: fc.array(tie("value"), { maxLength: 4 }),
    details: fc.dictionary(name, tie("value"), { maxKeys: 5 }),
  })) as { details: fc.Arbitrary<JsonObject> };

  test("redacting a second time changes nothing", () => {
    fc.assert(
      fc.property(details, (each) => {
        const once = redact(each);
        expect(redact(once.value)).toEqual({ value: once.value, places: 0 });
      }),
      { numRuns: 2_000 },
    );
  });

  /** Whether `after` is `before`, except for texts; counts the texts that differ. */
  function countChanges(before: unknown, after: unknown): number {
    if (typeof before === "string" && typeof after === "string") return before === after ? 0 : 1;
    if (typeof before !== "object" || before === null) {
      expect(after).toBe(before);
      return 0;
    }
    expect(Array.isArray(after)).toBe(Array.isArray(before));
    expect(Object.keys(after as object)).toEqual(Object.keys(before));
    const values = Object.values(after as object);
    return Object.values(before).reduce((sum: number, each, n) => sum + countChanges(each, values[n]), 0);
  }

  test("only texts change, and each changed text counts at least once", () => {
    fc.assert(
      fc.property(details, (each) => {
        const { value, places } = redact(each);
        const changes = countChanges(each, value);
        expect(places).toBeGreaterThanOrEqual(changes);
        expect(places === 0).toBe(changes === 0);
      }),
      { numRuns: 1_000 },
    );
  });

  test("in a changed text, everything between the redacted places is as it was, in the same order", () => {
    fc.assert(
      fc.property(text, (each) => {
        const redacted = redact({ text: each }).value["text"] as string;
        if (redacted === each) return;
        let from = 0;
        for (const kept of redacted.split(
          /\[redacted\]|\[(?:base64|data)(?: [\w.+/-]+)? [\d,]+ bytes sha256:[0-9a-f]{64}\]/,
        )) {
          const at = each.indexOf(kept, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + kept.length;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
