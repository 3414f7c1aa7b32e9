import { describe, expect, test } from "vitest";
import { z } from "zod";
import { anyUser } from "./callers.ts";
import { operation } from "./operation.ts";

const summary = { zh: "读取冻结", en: "Read a hold." };
const rest = { method: "GET", path: "/holds/{holdId}/parts/{part}" } as const;
const common = { kind: "query", rest, summary, caller: anyUser(null), idempotent: false, refusals: [] } as const;
const output = z.object({});

// The compiler is the test: the type check fails unless every marked line is an error.
describe("operation", () => {
  test("operation accepts path parameters that are input fields", () => {
    const declared = operation({ ...common, input: z.strictObject({ holdId: z.string(), part: z.string() }), output });
    expect(declared.rest.path).toBe(rest.path);
  });

  test("operation does not compile when a path parameter is not an input field", () => {
    // @ts-expect-error: part is missing
    operation({ ...common, input: z.strictObject({ holdId: z.string() }), output });
    // @ts-expect-error: there is no input
    operation({ ...common, input: z.void(), output });
  });
});
