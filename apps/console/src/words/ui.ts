import { defineWords } from "./define-words.ts";

/** The texts of the parts that all pages share. */
export const uiWords = defineWords({ zh: () => import("./zh/ui.ts"), en: () => import("./en/ui.ts") });
