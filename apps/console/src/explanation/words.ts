import { defineWords } from "../words/define-words.ts";

/** The texts of an explained transaction. */
export const explainWords = defineWords({
  zh: () => import("../words/zh/explain.ts"),
  en: () => import("../words/en/explain.ts"),
});
