import { defineWords } from "../words/define-words.ts";

/** The texts of entries, grants and holds, for staff and for users. */
export const ledgerWords = defineWords({
  zh: () => import("../words/zh/ledger.ts"),
  en: () => import("../words/en/ledger.ts"),
});
