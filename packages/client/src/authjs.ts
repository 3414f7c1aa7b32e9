/** A source of cookies: `await cookies()` of Next.js, a `Request`, or the text of a Cookie header. */
export type CookieSource =
  | { getAll(): readonly { readonly name: string; readonly value: string }[] }
  | { readonly headers: { get(name: string): string | null } }
  | string;

/** The session cookies of Auth.js 5 and NextAuth 4; those for https first. */
const sessionCookies = [
  "__Secure-authjs.session-token",
  "authjs.session-token",
  "__Secure-next-auth.session-token",
  "next-auth.session-token",
] as const;

/** More chunks than browsers store. */
const MAX_CHUNKS = 10;

/**
 * Reads the session token of a site with Auth.js or NextAuth, on the server of the site: the value for `getToken`.
 * A long token is split into cookies with the suffixes `.0`, `.1` and so on; they are joined.
 * @param cookieNames the session cookies, if the site does not use the default names.
 * @returns undefined without a session.
 */
export function authJsToken(source: CookieSource, cookieNames: readonly string[] = sessionCookies): string | undefined {
  const cookies = new Map(pairsOf(source));
  for (const name of cookieNames) {
    const token = cookies.get(name) ?? joinChunks(cookies, name);
    if (token) return token;
  }
  return undefined;
}

/** Joins the chunks up to the first gap. Auth.js leaves no gap, so later cookies with this prefix are not its chunks. */
function joinChunks(cookies: ReadonlyMap<string, string>, name: string): string {
  let text = "";
  for (let index = 0; index < MAX_CHUNKS; index += 1) {
    const chunk = cookies.get(`${name}.${index}`);
    if (chunk === undefined) break;
    text += chunk;
  }
  return text;
}

function pairsOf(source: CookieSource): [string, string][] {
  if (typeof source !== "string" && "getAll" in source) return source.getAll().map(({ name, value }) => [name, value]);
  const header = typeof source === "string" ? source : (source.headers.get("cookie") ?? "");
  return header.split(";").flatMap((pair): [string, string][] => {
    const at = pair.indexOf("=");
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
  });
}
