/** What cookies are read from: `await cookies()` of Next.js, a `Request`, or the text of a Cookie header. */
export type CookieSource =
  | { getAll(): readonly { readonly name: string; readonly value: string }[] }
  | { readonly headers: { get(name: string): string | null } }
  | string;

/** Where Auth.js 5 and NextAuth 4 keep a session, the names for https first. */
const sessionCookies = [
  "__Secure-authjs.session-token",
  "authjs.session-token",
  "__Secure-next-auth.session-token",
  "next-auth.session-token",
] as const;

/** More than a browser keeps. */
const MAX_CHUNKS = 10;

/**
 * The session token of a site with Auth.js or NextAuth, read on its server: what `getToken` of a client gives back.
 * A long one is in several cookies, `.0`, `.1` and so on, and comes out whole.
 * @param cookieNames other names, where the site has chosen its own.
 * @returns undefined when nobody is signed in.
 */
export function authJsToken(source: CookieSource, cookieNames: readonly string[] = sessionCookies): string | undefined {
  const cookies = new Map(pairsOf(source));
  for (const name of cookieNames) {
    const whole = cookies.get(name) ?? joined(cookies, name);
    if (whole) return whole;
  }
  return undefined;
}

/** Chunks without a gap: Auth.js writes no other, and what else begins with the name is not its work. */
function joined(cookies: ReadonlyMap<string, string>, name: string): string {
  let text = "";
  for (let at = 0; at < MAX_CHUNKS; at += 1) {
    const chunk = cookies.get(`${name}.${at}`);
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
