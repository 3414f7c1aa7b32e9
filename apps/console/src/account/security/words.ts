import { defineWords } from "../../words/define-words.ts";

/** The texts of the page of the person and its log-ins. */
export const securityWords = defineWords({
  zh: () => import("../../words/zh/security.ts"),
  en: () => import("../../words/en/security.ts"),
});
