import { defineWords } from "../../words/define-words.ts";

/** The texts of the audit log. */
export const auditWords = defineWords({
  zh: () => import("../../words/zh/audit.ts"),
  en: () => import("../../words/en/audit.ts"),
});
