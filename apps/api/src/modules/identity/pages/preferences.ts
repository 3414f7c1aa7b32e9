import { type Language, languages } from "@jifen/contract";
import type { Context as HonoContext } from "hono";
import { getCookie } from "hono/cookie";
import type { Env } from "../../../http/env.ts";
import type { Responses } from "../../../http/responses.ts";

const themes = ["light", "dark"] as const;

/** The language and the look that a visitor has chosen; without a chosen theme the page follows the system. */
export type View = { readonly language: Language; readonly theme: (typeof themes)[number] | undefined };

const LANGUAGE_COOKIE = "jifen_language";
const YEAR_SECONDS = 31_536_000;

/** What the cookies of a visitor say; otherwise the browser's language, or that of the server. */
export function viewOf(c: HonoContext<Env>, responses: Pick<Responses, "language">): View {
  const { [LANGUAGE_COOKIE]: language, jifen_theme: theme } = getCookie(c);
  return {
    language: languages.find((each) => each === language) ?? responses.language(c),
    theme: themes.find((each) => each === theme),
  };
}

/** The language that a link on the page asks for. */
export const chosenLanguage = (c: HonoContext<Env>): Language | undefined =>
  languages.find((each) => each === c.req.query("language"));

/** The Set-Cookie header that keeps the language for a year. Scripts of the console read and write the same cookie. */
export const languageCookie = (language: Language, publicUrl: string): string => {
  const { protocol, pathname } = new URL(publicUrl);
  const secure = protocol === "https:" ? "; Secure" : "";
  return `${LANGUAGE_COOKIE}=${language}; Max-Age=${YEAR_SECONDS}; Path=${pathname.replace(/\/?$/, "/")}; SameSite=Lax${secure}`;
};
