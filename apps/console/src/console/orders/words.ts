import { defineWords } from "../../words/define-words.ts";

/** The texts of orders, payments and refunds. */
export const ordersWords = defineWords({
  zh: () => import("../../words/zh/orders.ts"),
  en: () => import("../../words/en/orders.ts"),
});

/** The texts of orders. */
export type OrdersTexts = ReturnType<typeof ordersWords.useWords>;
