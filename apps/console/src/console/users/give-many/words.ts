import { defineWords } from "../../../words/define-words.ts";

/** The texts of the page that gives credits to many users. */
export const giveManyWords = defineWords({
  zh: () => import("../../../words/zh/give-many.ts"),
  en: () => import("../../../words/en/give-many.ts"),
});
