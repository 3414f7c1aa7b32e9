import { defineWords } from "../../words/define-words.ts";

/** The texts of statements. */
export const statementsWords = defineWords({
  zh: () => import("../../words/zh/statements.ts"),
  en: () => import("../../words/en/statements.ts"),
});
