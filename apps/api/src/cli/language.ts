import { type Language, pickLanguage, type Wording } from "@jifen/contract";

const isChinese = (locale: string | undefined) => /^zh/i.test(locale ?? "");

/** What `--lang` says, or else the shell (POSIX: the first of these that is set). English where neither says Chinese. */
export function languageOf(words: readonly string[], env: Readonly<Record<string, string | undefined>>): Language {
  const at = words.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const chosen = at < 0 ? undefined : (words[at]?.split("=")[1] ?? words[at + 1]);
  const locale = chosen ?? [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find(Boolean);
  return isChinese(locale) ? "zh" : "en";
}

const words = process.argv.slice(2);
const language = languageOf(words, process.env);

/** What was typed after `jifen`, without `--lang`: no command of ours knows it. */
export const typedWords: readonly string[] = words.filter(
  (word, at) => word !== "--lang" && !word.startsWith("--lang=") && words[at - 1] !== "--lang",
);

/** A text, in the language of whoever reads it. */
export const t = (wording: Wording): string => wording[language];

/** The same of a text that holds both languages. */
export const toldOf = (text: string): string => pickLanguage(text, language);
