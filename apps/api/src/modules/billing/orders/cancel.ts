import { isUnfinished } from "@jifen/billing";
import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { checkNow } from "./check-now.ts";
import { readOutput } from "./payments-of.ts";

/** Closes an order of the caller at the provider. An order that can no longer be paid is returned as it is. */
export const cancel = (deps: PaymentDeps) =>
  implement(operations.orders.cancel, async ({ input, caller }) => {
    const order = await deps.database.orders.find({ userId: caller.userId, id: input.orderId });
    if (!order) return refuse({ code: "ORDER_NOT_FOUND" });
    if (!isUnfinished(order.state)) return ok(await readOutput(deps, order));
    const closed = await checkNow(deps, order, { closes: true });
    return closed.ok ? ok(await readOutput(deps, closed.value)) : closed;
  });
