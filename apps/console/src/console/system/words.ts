import { defineWords } from "../../words/define-words.ts";

/** The texts of the system page. */
export const systemWords = defineWords({
  zh: () => import("../../words/zh/system.ts"),
  en: () => import("../../words/en/system.ts"),
});
