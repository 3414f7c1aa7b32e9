import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { type AppRouter, implement, type Procedures } from "./procedure.ts";

const something = { balance: 1, held: 0, expiring: null };
const balance = implement(operations.credits.balance, async () => ok(something));

// The compiler is the test: every line marked as an error must be one, or the type check fails.
describe("the joiner", () => {
  test("takes a handler that returns what the operation declares", () => {
    expectTypeOf(balance).toEqualTypeOf<Procedures["credits"]["balance"]>();
  });

  test("does not compile when the handler returns another shape", () => {
    // @ts-expect-error: the operation declares a number
    implement(operations.credits.balance, async () => ok({ ...something, balance: "1" }));
    // @ts-expect-error: a field is missing
    implement(operations.credits.consume, async () => ok({ success: true, balance: 1 }));
  });

  test("does not compile when the handler refuses with a code that the operation does not declare", () => {
    const tooLittle = async () => refuse({ code: "INSUFFICIENT_CREDITS", balance: 1, required: 2 } as const);
    // @ts-expect-error: reading a balance cannot lack credits
    implement(operations.credits.balance, tooLittle);
    implement(operations.credits.consume, tooLittle);
    const numberless = async () => refuse({ code: "INSUFFICIENT_CREDITS" } as const);
    // @ts-expect-error: the numbers are missing
    implement(operations.credits.consume, numberless);
  });

  test("does not compile without an operation", () => {
    // @ts-expect-error: this is no operation
    implement({ input: z.void(), output: z.object({}) }, async () => ok({}));
  });

  test("gives a caller only to operations that need one", () => {
    implement(operations.admin.revoke, async ({ caller }) => {
      expectTypeOf(caller.actor).toBeString();
      return refuse({ code: "USER_NOT_FOUND" });
    });
    implement(operations.credits.balance, async ({ caller }) => {
      expectTypeOf(caller.userId).toBeString();
      return ok(something);
    });
    implement(operations.health.check, async ({ caller }) => {
      expectTypeOf(caller).toBeUndefined();
      return ok({ status: "ok", timestamp: 1 });
    });
  });
});

describe("the router", () => {
  test("does not compile with a procedure missing, unknown, or of another kind", () => {
    const consume = implement(operations.credits.consume, async () => refuse({ code: "IDEMPOTENCY_KEY_REUSED" }));
    const takesAll = (all: Procedures["credits"]) => all;
    const check = (others: Omit<Procedures["credits"], "balance" | "consume">) => {
      takesAll({ ...others, balance, consume });
      // @ts-expect-error: consume is missing
      takesAll({ ...others, balance });
      // @ts-expect-error: nobody declared this
      takesAll({ ...others, balance, consume, giveAway: consume });
      // @ts-expect-error: a query where a mutation is due
      takesAll({ ...others, balance, consume: balance });
    };
    expectTypeOf(check).toBeFunction();
  });

  test("serves exactly the operations of the contract", () => {
    expectTypeOf<keyof AppRouter["_def"]["record"]>().toEqualTypeOf<keyof Procedures>();
  });
});
