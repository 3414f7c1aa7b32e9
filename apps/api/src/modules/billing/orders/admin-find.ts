import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { orderFile } from "./order-file.ts";

/** Finds an order of any user with all that happened to it, for staff. */
export const adminFind = (deps: PaymentDeps) =>
  implement(operations.adminOrders.find, async ({ input }) => {
    const order = await deps.database.orders.findById(input.orderId);
    return order ? ok(await orderFile(deps, order)) : refuse({ code: "ORDER_NOT_FOUND" });
  });
