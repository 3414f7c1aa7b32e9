/** Names under which anyone can register a site: a wildcard directly below them would let in strangers. */
const PUBLIC_ENDING = /^(?:[^.]+|(?:ac|co|com|edu|gov|go|ne|net|or|org)\.[a-z]{2})$/;

/** A pattern is an origin, or has one `*` in one label of its host, which stands for any characters but a dot. */
export const ORIGIN_FORM =
  "must be origins separated by commas, such as https://example.com,http://localhost:3000; * stands for a part of one label of the host, as in https://shop-*.example.com, and at least two labels must follow it";

/** The canonical form of an origin or a pattern; undefined when no browser sends such an origin, or everyone does. */
export function parseOriginPattern(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  // A path, a query or a user is no part of an origin: such a text would never match.
  if (url.href !== `${url.origin}/` || /[?#]/.test(text)) return undefined;
  const { hostname } = url;
  if (!hostname.includes("*")) return url.origin;
  const [, ending] = /^[^*]*\*[^*.]*\.([^*]+)$/.exec(hostname) ?? [];
  if (ending === undefined || (PUBLIC_ENDING.test(ending) && ending !== "localhost")) return undefined;
  return url.origin;
}

/** Creates the test of an Origin header against patterns that `parseOriginPattern` returned. */
export function createOriginMatcher(patterns: readonly string[]): (origin: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes("*")));
  const wildcards = patterns
    .filter((pattern) => pattern.includes("*"))
    .map((pattern) => new RegExp(`^${pattern.replaceAll(".", "\\.").replace("*", "[a-z0-9_-]+")}$`));
  return (origin) => exact.has(origin) || wildcards.some((wildcard) => wildcard.test(origin));
}
