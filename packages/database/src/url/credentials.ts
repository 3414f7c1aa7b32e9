import { UnsupportedDatabaseUrl } from "./unsupported-url.ts";

const ENCODE =
  "special characters of the user and the password must be percent-encoded: % as %25, @ as %40, : as %3A, / as %2F, ? as %3F, # as %23";

const unencoded = (what: string) => new UnsupportedDatabaseUrl(`${what}: ${ENCODE}`);

/**
 * Refuses a URL whose user or password is not percent-encoded, in a way that another password or another host would be
 * understood. The parsers of the drivers accept some of them, each in its own way.
 * @param url with a scheme and `//`
 * @throws UnsupportedDatabaseUrl
 */
export function checkCredentials(url: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(url)) throw unencoded("contains a line break or another control character");
  const rest = url.slice(url.indexOf("//") + 2);
  if (rest.includes("#")) throw unencoded("contains #, after which nothing would be read");
  const authorityEnd = rest.search(/[/?]/);
  const authority = authorityEnd < 0 ? rest : rest.slice(0, authorityEnd);
  const isCut = authorityEnd >= 0 && rest.slice(authorityEnd).includes("@");
  if (isCut) throw unencoded("contains @ after / or ?");
  const userinfo = authority.slice(0, Math.max(0, authority.lastIndexOf("@")));
  if (/%(?![0-9a-f]{2})/i.test(rest)) throw unencoded("contains % without two hexadecimal digits");
  try {
    decodeURIComponent(userinfo);
  } catch {
    throw unencoded("contains a percent-encoding that is not UTF-8");
  }
}
