import { writeCookie } from "./cookies.ts";
import { language } from "./language.ts";

const APPLIED = "jifen-language-of";

/**
 * Shows the pages in the language that a person has chosen, once for each log-in of a tab: afterwards the switch of the page
 * counts. @returns whether the page is being loaded again
 */
export function applyLanguage({ userId, language: chosen }: { userId: string; language: "zh" | "en" | null }): boolean {
  if (sessionStorage.getItem(APPLIED) === userId) return false;
  sessionStorage.setItem(APPLIED, userId);
  if (chosen === null || chosen === language) return false;
  writeCookie("jifen_language", chosen);
  location.reload();
  return true;
}
