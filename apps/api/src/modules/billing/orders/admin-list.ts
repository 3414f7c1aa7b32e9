import { operations } from "@jifen/contract";
import { ok, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { orderCursor, pageOf } from "../../../values/cursor.ts";
import { parseTime } from "../../../values/parse-time.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { toAdminOrder } from "./order-file.ts";
import { paymentsOf } from "./payments-of.ts";

/** Lists the orders of all users, newest first, for staff. */
export const adminList = (deps: PaymentDeps) =>
  implement(operations.adminOrders.list, async ({ input }) => {
    const before = orderCursor.read(input.cursor);
    if (!before.ok) return before;
    const { state, channel, from, to, limit } = input;
    const owner = input.userId === undefined ? undefined : userId(input.userId);
    const filter = { userId: owner, state, channel, fromMs: parseTime(from), toMs: parseTime(to) };
    const orders = await deps.database.orders.list(filter, { limit: limit + 1, before: before.value });
    const { page, nextCursor } = pageOf(orders, limit, ({ id }) => orderCursor.write(id));
    const payments = await paymentsOf(deps, page);
    return ok({ items: page.map((order) => toAdminOrder(order, payments)), nextCursor });
  });
