/** The languages of messages. */
export const languages = ["zh", "en"] as const;

/** A language of messages. */
export type Language = (typeof languages)[number];

/** The language of messages where neither the caller nor the operator has chosen one. */
export const fallbackLanguage: Language = "zh";

/** One text in every language. */
export type Wording = Readonly<Record<Language, string>>;

const separator = "\u001f";

/**
 * Joins both languages into one text. A schema creates its messages before the language of the request is known, so a
 * message contains both languages until the response is created.
 */
export const bilingual = ({ zh, en }: Wording): string => `${zh}${separator}${en}`;

/** Selects one language of a text that `bilingual` created. Any other text is returned unchanged. */
export function pickLanguage(text: string, language: Language): string {
  const [zh, en] = text.split(separator);
  return (language === "en" ? en : zh) ?? text;
}

/** How a range of an Accept-Language header (RFC 9110, section 12.5.4) matches a language. */
type Match = {
  /** 2: the same tag, 1: a regional variant of it, 0: `*`. */
  readonly specificity: number;
  readonly quality: number;
  readonly position: number;
};

/**
 * The language for an Accept-Language header: `ofServer` unless the header prefers the other one.
 * `en-US` counts as `en`, and `*` as any language that the header does not name.
 */
export function preferredLanguage(
  acceptLanguage: string | null | undefined,
  ofServer: Language = fallbackLanguage,
): Language {
  if (!acceptLanguage) return ofServer;
  const other = ofServer === "zh" ? "en" : "zh";
  const [usual, asked] = [bestMatch(ofServer, acceptLanguage), bestMatch(other, acceptLanguage)];
  if (!asked || asked.quality === 0) return ofServer;
  return !usual || isPreferred(asked, usual) ? other : ofServer;
}

const isPreferred = (one: Match, other: Match): boolean =>
  (one.quality - other.quality || one.specificity - other.specificity || other.position - one.position) > 0;

/** The most specific range decides about a language; undefined when none matches. */
function bestMatch(language: Language, acceptLanguage: string): Match | undefined {
  const matches = acceptLanguage
    .toLowerCase()
    .split(",")
    .flatMap((range, position): Match[] => {
      const [tag = "", ...parameters] = range.split(";").map((part) => part.trim());
      const isVariant = tag.startsWith(`${language}-`);
      if (tag !== language && !isVariant && tag !== "*") return [];
      return [{ specificity: tag === language ? 2 : Number(isVariant), quality: qualityOf(parameters), position }];
    });
  return matches.toSorted((a, b) => b.specificity - a.specificity || b.quality - a.quality)[0];
}

/** The weight of a range, 0 to 1; an invalid weight counts as 0. */
function qualityOf(parameters: readonly string[]): number {
  const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
  const quality = Number.parseFloat(weight);
  return quality >= 0 && quality <= 1 ? quality : 0;
}
