import type { Language } from "@jifen/client";
import Negotiator from "negotiator";

/** Chinese unless English is preferred: the rule of the API itself. */
export function languageOf(acceptLanguage: string | null | undefined): Language {
  if (!acceptLanguage) return "zh";
  const preferred = new Negotiator({ headers: { "accept-language": acceptLanguage } }).language(["zh", "en"]);
  return preferred === "en" ? "en" : "zh";
}
