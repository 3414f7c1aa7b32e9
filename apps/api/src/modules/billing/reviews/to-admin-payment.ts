import type { Payment } from "@jifen/database";
import { toPayment } from "../orders/order-file.ts";

/** A payment without its order, for staff. */
export const toAdminPayment = (payment: Payment) => ({
  ...toPayment(payment),
  ...{ orderId: payment.orderId, userId: payment.userId },
});
