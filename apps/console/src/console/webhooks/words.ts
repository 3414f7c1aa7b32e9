import { defineWords } from "../../words/define-words.ts";

/** The texts of webhooks. */
export const webhooksWords = defineWords({
  zh: () => import("../../words/zh/webhooks.ts"),
  en: () => import("../../words/en/webhooks.ts"),
});
