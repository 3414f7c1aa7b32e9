import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { orderCursor, pageOf } from "../../../values/cursor.ts";
import { parseTime } from "../../../values/parse-time.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { paymentsOf } from "./payments-of.ts";
import { toOrderOutput } from "./to-order.ts";

/** Lists the orders of the caller, newest first. */
export const list = (deps: PaymentDeps) =>
  implement(operations.orders.list, async ({ input, caller }) => {
    const before = orderCursor.read(input.cursor);
    if (!before.ok) return before;
    const { state, from, to, limit } = input;
    const filter = { userId: caller.userId, state, fromMs: parseTime(from), toMs: parseTime(to) };
    const orders = await deps.database.orders.list(filter, { limit: limit + 1, before: before.value });
    const { page, nextCursor } = pageOf(orders, limit, ({ id }) => orderCursor.write(id));
    const payments = await paymentsOf(deps, page);
    return ok({ items: page.map((order) => toOrderOutput(order, payments)), nextCursor });
  });
