import { defineWords } from "../words/define-words.ts";

/** The texts of service keys, for staff and for users. */
export const keysWords = defineWords({
  zh: () => import("../words/zh/keys.ts"),
  en: () => import("../words/en/keys.ts"),
});
