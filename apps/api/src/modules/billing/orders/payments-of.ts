import type { Order, Payment } from "@jifen/database";
import type { PaymentDeps } from "../payment-deps.ts";
import { toOrderOutput } from "./to-order.ts";

/** The payments of a page of orders. */
export async function paymentsOf(
  { database }: Pick<PaymentDeps, "database">,
  orders: readonly Order[],
): Promise<readonly Payment[]> {
  const ofUsers = Map.groupBy(orders, ({ userId }) => userId);
  const found = await Promise.all(
    [...ofUsers].map(([userId, own]) =>
      database.payments.ofOrders(
        userId,
        own.map(({ id }) => id),
      ),
    ),
  );
  return found.flat();
}

/** An order with what is known of its payments, as its user sees it. */
export const readOutput = async (deps: Pick<PaymentDeps, "database">, order: Order) =>
  toOrderOutput(order, await paymentsOf(deps, [order]));
