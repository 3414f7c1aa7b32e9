import { REDACTED, type Redacted } from "./redacted.ts";
import { replaceMatches } from "./replace-matches.ts";

/** Keys of providers and of Jifen, by their prefixes. The public part of a Jifen key has 12 characters, and stays. */
const KEYS = [
  "jf_(?:live|test)_[0-9A-Za-z]{20,}",
  String.raw`[sr]k_(?:live|test)_\w{10,}`,
  String.raw`whsec_[\w+/=-]{16,}`,
  String.raw`(?:AKIA|ASIA)[0-9A-Z]{16}(?![\w-])`,
  String.raw`LTAI[0-9A-Za-z]{12,26}(?![\w-])`,
  String.raw`AKID[0-9A-Za-z]{32}(?![\w-])`,
  String.raw`AKLT[\w-]{20,}`,
  String.raw`AIza[\w-]{35,}`,
  String.raw`ya29\.[\w-]{20,}`,
  "gh[oprsu]_[0-9A-Za-z]{20,}",
  String.raw`github_pat_\w{20,}`,
  String.raw`glpat-[\w-]{16,}`,
  String.raw`xox[abeoprs]-[\w-]{10,}`,
  String.raw`xapp-[\w-]{20,}`,
  "(?:hf|r8|gsk|npm|ntn)_[0-9A-Za-z]{20,}",
  String.raw`(?:xai|pplx|tvly|pypi)-[\w-]{20,}`,
  String.raw`dop_v1_\w{32,}`,
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
];

/**
 * Each alternative starts at the start of a word, and neighbouring parts of it have no character in common: the time is
 * linear in the length of the text.
 */
const TOKEN = new RegExp(
  String.raw`(?<![\w-])(?:${[
    String.raw`(?<scheme>[Bb][Ee][Aa][Rr][Ee][Rr][ \t]+)(?<bearer>[\w.~+/=-]{8,})`,
    // A JWT: signed with three parts, encrypted with five, whose first is JSON that starts with a name.
    String.raw`eyJ[\w-]{10,}(?:\.[\w-]*){2,4}`,
    String.raw`(?<sk>sk-[\w-]{16,})`,
    ...KEYS,
  ].join("|")})`,
  "g",
);

/** The two words of "bearer responsibilities" are no token: a token is long, or has a digit. */
const isBearerToken = (text: string): boolean => text.length >= 20 || /\d/.test(text);

/** `sk-` starts names too: a key has a long part with letters and digits, `sk-estimator-pipeline-v2` has none. */
const isKey = (text: string): boolean =>
  text.split(/[-_]/).some((part) => part.length >= 12 && /\d/.test(part) && /[A-Za-z]/.test(part));

/** Redacts bearer tokens, JWTs and keys of providers and of Jifen; undefined when there are none. */
export const redactAccessTokens = (text: string): Redacted<string> | undefined =>
  replaceMatches(text, TOKEN, ({ scheme = "", bearer, sk }) => {
    if (bearer !== undefined && !isBearerToken(bearer)) return undefined;
    if (sk !== undefined && !isKey(sk)) return undefined;
    return `${scheme}${REDACTED}`;
  });
