import { defineWords } from "../../words/define-words.ts";

/** The texts of prices and packs. */
export const pricesWords = defineWords({
  zh: () => import("../../words/zh/prices.ts"),
  en: () => import("../../words/en/prices.ts"),
});

/** The texts of prices and packs. */
export type PricesTexts = ReturnType<typeof pricesWords.useWords>;
