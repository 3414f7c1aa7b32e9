import { defineWords } from "../../words/define-words.ts";

/** The texts of the users' pages. */
export const usersWords = defineWords({
  zh: () => import("../../words/zh/users.ts"),
  en: () => import("../../words/en/users.ts"),
});
