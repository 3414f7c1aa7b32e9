import { defineWords } from "../../words/define-words.ts";

/** The texts of the open holds. */
export const holdsWords = defineWords({
  zh: () => import("../../words/zh/holds.ts"),
  en: () => import("../../words/en/holds.ts"),
});
