import { defineWords } from "./define-words.ts";

/** The texts around the account pages. */
export const accountWords = defineWords({ zh: () => import("./zh/account.ts"), en: () => import("./en/account.ts") });
