import { defineWords } from "../../words/define-words.ts";

/** The texts of top-ups and orders. */
export const topUpWords = defineWords({
  zh: () => import("../../words/zh/top-up.ts"),
  en: () => import("../../words/en/top-up.ts"),
});
