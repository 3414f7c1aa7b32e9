import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { checkNow } from "./check-now.ts";
import { readOutput } from "./payments-of.ts";

/** Asks the provider about an order of the caller. */
export const check = (deps: PaymentDeps) =>
  implement(operations.orders.check, async ({ input, caller }) => {
    const order = await deps.database.orders.find({ userId: caller.userId, id: input.orderId });
    if (!order) return refuse({ code: "ORDER_NOT_FOUND" });
    const checked = await checkNow(deps, order);
    return checked.ok ? ok(await readOutput(deps, checked.value)) : checked;
  });
