import type { Language } from "@jifen/contract";
import type { View } from "../modules/identity/pages/preferences.ts";

/** Creates something for each language and each theme of a page; `system`: the theme of the visitor's system. */
export function inEveryVariant<Made>(make: (language: Language, theme: View["theme"]) => Made) {
  const inLanguage = (language: Language) => ({
    light: make(language, "light"),
    dark: make(language, "dark"),
    system: make(language, undefined),
  });
  return { zh: inLanguage("zh"), en: inLanguage("en") };
}
