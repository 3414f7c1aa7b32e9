import type { Language } from "@jifen/client";
import { switchLanguage } from "../actions/language.ts";
import { htmlLanguage, wordsOf } from "../lib/wording.ts";

/** A button that switches to the other language. */
export function LanguageSwitch({ language }: { language: Language }) {
  return (
    <form action={switchLanguage}>
      <button
        type="submit"
        lang={htmlLanguage(language === "zh" ? "en" : "zh")}
        className="rounded-lg px-3 py-2 text-sm text-muted hover:text-ink"
      >
        {wordsOf(language).otherLanguage}
      </button>
    </form>
  );
}
