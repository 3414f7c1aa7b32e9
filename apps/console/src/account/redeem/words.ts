import { defineWords } from "../../words/define-words.ts";

/** The texts of redeeming a code. */
export const redeemWords = defineWords({
  zh: () => import("../../words/zh/redeem.ts"),
  en: () => import("../../words/en/redeem.ts"),
});
