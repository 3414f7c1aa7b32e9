import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { readOutput } from "./payments-of.ts";

/** Finds an order of the caller. */
export const find = (deps: PaymentDeps) =>
  implement(operations.orders.find, async ({ input, caller }) => {
    const order = await deps.database.orders.find({ userId: caller.userId, id: input.orderId });
    return order ? ok(await readOutput(deps, order)) : refuse({ code: "ORDER_NOT_FOUND" });
  });
