import { describe, expect, test } from "vitest";
import { z } from "zod";
import { anyUser } from "./callers.ts";
import { operation } from "./operation.ts";

const summary = { zh: "读取冻结", en: "Read a hold." };
const rest = { method: "GET", path: "/holds/{holdId}/parts/{part}" } as const;
const about = { kind: "query", rest, summary, caller: anyUser(null), idempotent: false, refusals: [] } as const;
const output = z.object({});

// The compiler is the test: every line marked as an error must be one, or the type check fails.
describe("an operation", () => {
  test("takes the parameters of its path from its input", () => {
    const declared = operation({ ...about, input: z.strictObject({ holdId: z.string(), part: z.string() }), output });
    expect(declared.rest.path).toBe(rest.path);
  });

  test("does not compile when a parameter of its path is no field of its input", () => {
    // @ts-expect-error: part is missing
    operation({ ...about, input: z.strictObject({ holdId: z.string() }), output });
    // @ts-expect-error: nothing is there
    operation({ ...about, input: z.void(), output });
  });
});
