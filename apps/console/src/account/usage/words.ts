import { defineWords } from "../../words/define-words.ts";

/** The texts of the usage page. */
export const usageWords = defineWords({
  zh: () => import("../../words/zh/usage.ts"),
  en: () => import("../../words/en/usage.ts"),
});
