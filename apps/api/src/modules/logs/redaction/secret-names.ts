/** The words of a name: a change of case, digits, and everything that is no letter divide them. */
const WORD = /\p{Nd}+|\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|\p{Lu}|[\p{Lt}\p{Lm}\p{Lo}\p{M}]+/gu;

/** `apiKey`, `api_key`, `api-key` and `APIKey` have the same words: `api key`. */
const toWords = (name: string): string => (name.match(WORD) ?? []).join(" ").toLowerCase();

/** Words that name a secret. `tokens` is not one of them: `promptTokens` counts. */
const SECRETS = [
  "pass ?words?",
  "passwd",
  "pwd",
  "pass ?phrases?",
  "secrets?",
  "token",
  "authorization",
  "cookies?",
  "credentials?",
  "(?:api|access|private|secret) ?keys?",
  "(?:access|auth|bearer|refresh)token",
];

/** The names of a request are few and repeat: dividing one into words takes longer than everything else. */
const MAX_KNOWN_NAMES = 1_000;
const MAX_KNOWN_LENGTH = 64;

/** Whether a name has at least one letter or digit. */
export const hasWords = (name: string): boolean => toWords(name) !== "";

/** Tells whether the name of a field says that its value is secret, by whole words: those above, and those of `extraNames`. */
export function createSecretNames(extraNames: readonly string[]): (name: string) => boolean {
  // Words have letters and digits only, so none of them has a meaning in a regular expression.
  const pattern = new RegExp(` (?:${[...SECRETS, ...extraNames.map(toWords)].join("|")}) `);
  const known = new Map<string, boolean>();
  return (name) => {
    const isKnown = known.get(name);
    if (isKnown !== undefined) return isKnown;
    const isSecret = pattern.test(` ${toWords(name)} `);
    if (known.size >= MAX_KNOWN_NAMES) known.clear();
    if (name.length <= MAX_KNOWN_LENGTH) known.set(name, isSecret);
    return isSecret;
  };
}
