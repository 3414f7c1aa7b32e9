import { defineWords } from "./define-words.ts";

/** The texts around the pages: navigation, menus, shortcuts. */
export const shellWords = defineWords({ zh: () => import("./zh/shell.ts"), en: () => import("./en/shell.ts") });
