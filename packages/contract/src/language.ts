/** The languages that people read. Chinese is the default. */
export const languages = ["zh", "en"] as const;

/** A language that people read. */
export type Language = (typeof languages)[number];

/** One sentence in every language. */
export type Wording = Readonly<Record<Language, string>>;

const separator = "\u001f";

/**
 * Puts both languages into one text. A schema finds what is wrong before anyone has asked
 * for which language: it says both, and the edge picks.
 */
export const bilingual = ({ zh, en }: Wording): string => `${zh}${separator}${en}`;

/** Picks one language out of a text made by `bilingual`; any other text stays as it is. */
export function pickLanguage(text: string, language: Language): string {
  const [zh, en] = text.split(separator);
  return (language === "en" ? en : zh) ?? text;
}
