import { defineWords } from "../../words/define-words.ts";

/** The texts of the call log. */
export const logsWords = defineWords({
  zh: () => import("../../words/zh/logs.ts"),
  en: () => import("../../words/en/logs.ts"),
});
