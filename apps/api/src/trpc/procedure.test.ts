import { type Operation, operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createCallMeter } from "../http/calls/call-meter.ts";
import type { Context } from "./context.ts";
import { replayableOk } from "./handler.ts";
import { type AppRouter, implement, type Procedures } from "./procedure.ts";

const output = { balance: 1, held: 0, expiring: null };
const balance = implement(operations.credits.balance, async () => ok(output));

// The compiler is the test: the type check fails unless every marked line is an error.
describe("implement", () => {
  test("implement accepts a handler that returns the declared output", () => {
    expectTypeOf(balance).toEqualTypeOf<Procedures["credits"]["balance"]>();
  });

  test("implement does not compile when the handler returns another shape", () => {
    // @ts-expect-error: the operation declares a number
    implement(operations.credits.balance, async () => ok({ ...output, balance: "1" }));
    // @ts-expect-error: a field is missing
    implement(operations.credits.consume, async () => ok({ success: true, balance: 1 }));
  });

  test("implement does not compile when the handler refuses with an undeclared code or without its details", () => {
    const insufficient = async () => refuse({ code: "INSUFFICIENT_CREDITS", balance: 1, required: 2 } as const);
    // @ts-expect-error: the operation does not declare INSUFFICIENT_CREDITS
    implement(operations.credits.balance, insufficient);
    implement(operations.credits.consume, insufficient);
    const withoutDetails = async () => refuse({ code: "INSUFFICIENT_CREDITS" } as const);
    // @ts-expect-error: the details are missing
    implement(operations.credits.consume, withoutDetails);
  });

  test("implement does not compile without an operation", () => {
    // @ts-expect-error: not an operation
    implement({ input: z.void(), output: z.object({}) }, async () => ok({}));
  });

  test("a handler receives a caller only if its operation needs one", () => {
    implement(operations.admin.revoke, async ({ caller }) => {
      expectTypeOf(caller.actor).toBeString();
      return refuse({ code: "USER_NOT_FOUND" });
    });
    implement(operations.credits.balance, async ({ caller }) => {
      expectTypeOf(caller.userId).toBeString();
      return ok(output);
    });
    implement(operations.health.check, async ({ caller }) => {
      expectTypeOf(caller).toBeUndefined();
      return ok({ status: "ok", timestamp: 1 });
    });
  });
});

describe("Procedures", () => {
  test("Procedures does not accept a missing or unknown procedure, or one of another kind", () => {
    const consume = implement(operations.credits.consume, async () => refuse({ code: "IDEMPOTENCY_KEY_REUSED" }));
    const accept = (all: Procedures["credits"]) => all;
    const check = (others: Omit<Procedures["credits"], "balance" | "consume">) => {
      accept({ ...others, balance, consume });
      // @ts-expect-error: consume is missing
      accept({ ...others, balance });
      // @ts-expect-error: not in the contract
      accept({ ...others, balance, consume, giveAway: consume });
      // @ts-expect-error: a query instead of a mutation
      accept({ ...others, balance, consume: balance });
    };
    expectTypeOf(check).toBeFunction();
  });

  test("the router has exactly the operations of the contract", () => {
    expectTypeOf<keyof AppRouter["_def"]["record"]>().toEqualTypeOf<keyof Procedures>();
  });
});

describe("the Idempotency-Replayed header", () => {
  const operation = {
    kind: "mutation",
    rest: { method: "POST", path: "/things" },
    summary: { zh: "试", en: "Try." },
    caller: "anyone",
    idempotent: true,
    input: z.strictObject({ replayed: z.boolean() }),
    output: z.object({ id: z.string() }),
    refusals: [],
  } as const satisfies Operation;
  const procedure = implement(operation, async ({ input }) =>
    replayableOk({ id: "thing-1" }, { replayed: input.replayed }),
  );

  test.each([
    { calls: 1, replayed: true, headers: { "Idempotency-Replayed": "true" } },
    { calls: 1, replayed: false, headers: {} },
    { calls: 2, replayed: true, headers: {} },
  ])(
    "a request of $calls calls with replayed $replayed sets the headers $headers",
    async ({ calls, replayed, headers }) => {
      const sent: Record<string, string> = {};
      const context: Context = {
        requestId: "req-1",
        callMeter: createCallMeter(),
        calls,
        address: async () => "127.0.0.1",
        language: () => "en",
        sessionCookie: () => undefined,
        idempotencyKey: () => undefined,
        caller: async () => refuse({ code: "UNAUTHENTICATED" }),
        callerWithNewRole: async (caller) => ok(caller),
        provisionUser: async () => ok(undefined),
        count: async () => ok(undefined),
        admit: () => undefined,
        startRead: () => ok(() => undefined),
        setResponseHeader: (name, value) => {
          sent[name] = value;
        },
      };
      const expected = { ...ok({ id: "thing-1" }), input: { replayed } };
      expect(await procedure.run(context, () => ok({ replayed }))).toEqual(expected);
      expect(sent).toEqual(headers);
    },
  );
});
