import { defineWords } from "../../words/define-words.ts";

/** The texts of redemption codes. */
export const codesWords = defineWords({
  zh: () => import("../../words/zh/codes.ts"),
  en: () => import("../../words/en/codes.ts"),
});

/** The texts of redemption codes. */
export type CodesTexts = ReturnType<typeof codesWords.useWords>;
