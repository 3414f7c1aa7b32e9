import { type Language, languages, pickLanguage, type Wording } from "@jifen/contract";

const isChinese = (locale: string | undefined) => /^zh/i.test(locale ?? "");

/**
 * The output language: `--lang`, or else MESSAGE_LANGUAGE, or else the locale of the shell (POSIX: the first of LC_ALL,
 * LC_MESSAGES and LANG that is set). English unless that is Chinese.
 */
export function languageOf(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Language {
  const at = args.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  const chosen = at < 0 ? undefined : (args[at]?.split("=")[1] ?? args[at + 1]);
  const ofServer = languages.find((language) => language === env["MESSAGE_LANGUAGE"]);
  const locale = chosen ?? ofServer ?? [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find(Boolean);
  return isChinese(locale) ? "zh" : "en";
}

/** The output language of this process. */
export const outputLanguage: Language = languageOf(process.argv.slice(2), process.env);

/** Translates: picks the text in the output language. */
export const t = (wording: Wording): string => wording[outputLanguage];

/** Picks the text in the output language out of a text that holds both. */
export const pickText = (text: string): string => pickLanguage(text, outputLanguage);
