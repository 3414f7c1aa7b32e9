/** The header that a page of this server sends with the session cookie. No other origin can send it: it needs a preflight. */
const SESSION_HEADER = "x-jifen-session";

const NAME = "jifen_session";
/** No other host can set a cookie of this name. */
const SECURE_NAME = "__Host-jifen_session";

/** Where the session cookie counts besides `/trpc`. */
const SESSION_PATH = "/session";

/** Whether the session cookie counts on this REST path. */
export const isSessionPath = (path: string): boolean => path === SESSION_PATH || path.startsWith(`${SESSION_PATH}/`);

/** The cookie of browser sessions. */
export type SessionCookie = {
  /** The token of the cookie, if the request may use it: only pages of this server can send such a request. */
  read(header: (name: string) => string | undefined): string | undefined;
  /** The tokens in a Cookie header, whatever sent it: enough to end their sessions, and for nothing else. */
  tokensIn(cookies: string | undefined): readonly string[];
  /** The Set-Cookie header for a token that is valid for so many seconds. */
  set(token: string, maxAgeSeconds: number): string;
  /** The Set-Cookie header that removes the cookie. */
  clear(): string;
};

/**
 * The cookie for a server at this address. Scripts cannot read it, and no request that another site causes carries it.
 * Over HTTPS and without a path it is `__Host-jifen_session`, which no other host can set.
 */
export function createSessionCookie(publicUrl: () => string): SessionCookie {
  const addressed = () => {
    const { protocol, pathname } = new URL(publicUrl());
    const isSecure = protocol === "https:";
    const hasPath = pathname !== "/";
    const name = isSecure && !hasPath ? SECURE_NAME : NAME;
    return { name, attributes: `Path=${pathname}; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}` };
  };
  const write = (value: string, maxAgeSeconds: number) => {
    const { name, attributes } = addressed();
    return `${name}=${value}; Max-Age=${maxAgeSeconds}; ${attributes}`;
  };
  const valuesIn = (cookies: string | undefined) => cookieValues(cookies, addressed().name);
  return {
    tokensIn: (cookies) => valuesIn(cookies).filter((value) => value !== ""),
    read: (header) => {
      if (header(SESSION_HEADER) !== "1" || header("authorization") !== undefined) return undefined;
      const site = header("sec-fetch-site");
      if (site !== undefined && site !== "same-origin") return undefined;
      // Without the prefix `__Host-` a page of a sibling domain can add a cookie of this name, even one that browsers send
      // first: the user would act in the session of an attacker.
      const [value, ...others] = valuesIn(header("cookie"));
      return value === "" || others.length > 0 ? undefined : value;
    },
    set: write,
    clear: () => write("", 0),
  };
}

/** The tokens in a Cookie header under either name of the session cookie, whether the request may use them or not. */
export const sessionTokensIn = (cookies: string | undefined): readonly string[] =>
  [SECURE_NAME, NAME].flatMap((name) => cookieValues(cookies, name)).filter((value) => value !== "");

/** The different values of the cookies of this name. */
function cookieValues(cookies: string | undefined, name: string): readonly string[] {
  const named = cookies?.split(";").filter((each) => each.trimStart().startsWith(`${name}=`)) ?? [];
  return [...new Set(named.map((each) => each.trim().slice(name.length + 1)))];
}
