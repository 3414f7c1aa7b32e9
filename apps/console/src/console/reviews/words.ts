import { defineWords } from "../../words/define-words.ts";
import type { OrdersTexts } from "../orders/words.ts";

/** The texts of payments and refunds that wait for a decision. */
export const reviewsWords = defineWords({
  zh: () => import("../../words/zh/reviews.ts"),
  en: () => import("../../words/en/reviews.ts"),
});

/** The texts of the review list, and those of orders. */
export type ReviewTexts = { readonly words: ReturnType<typeof reviewsWords.useWords>; readonly orders: OrdersTexts };
