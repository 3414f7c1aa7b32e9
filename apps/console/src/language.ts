import type { Language } from "@jifen/client";
import { writeCookie } from "./cookies.ts";

/** The language of the page, which the server chose by the cookie or by Accept-Language. */
export const language: Language = document.documentElement.lang.startsWith("en") ? "en" : "zh";

/** The tag of the language for `Intl`. */
export const locale = language === "en" ? "en" : "zh-CN";

/** Shows the page in the other language: the page is loaded again at the same address. */
export function switchLanguage(): void {
  writeCookie("jifen_language", language === "en" ? "zh" : "en");
  location.reload();
}
