import { defineWords } from "../../words/define-words.ts";

/** The texts of the overview. */
export const overviewWords = defineWords({
  zh: () => import("../../words/zh/overview.ts"),
  en: () => import("../../words/en/overview.ts"),
});
