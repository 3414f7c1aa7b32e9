import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { toAuditEvent } from "../../audit/audit-event.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { checkNow } from "./check-now.ts";
import { orderFile } from "./order-file.ts";

/** Asks the provider about an order of any user, its refunds and disputes included, for staff. */
export const adminCheck = (deps: PaymentDeps) =>
  implement(operations.adminOrders.check, async ({ input, caller, requestId }) => {
    const order = await deps.database.orders.findById(input.orderId);
    if (!order) return refuse({ code: "ORDER_NOT_FOUND" });
    const checked = await checkNow(deps, order, { isAboutReversals: true });
    const act = { action: "orders.check" as const, subject: `user:${order.userId}`, details: { orderId: order.id } };
    await deps.database.auditLog.recordOnce(toAuditEvent(deps, { actor: caller.actor, requestId }, act));
    return checked.ok ? ok(await orderFile(deps, checked.value)) : checked;
  });
