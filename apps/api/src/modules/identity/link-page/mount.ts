import { type Language, preferredLanguage } from "@jifen/contract";
import type { Hono } from "hono";
import type { Deps } from "../../../http/deps.ts";
import type { Env } from "../../../http/env.ts";
import type { Responses } from "../../../http/responses.ts";
import { documentHandler } from "../../../http/static-document.ts";
import { linkPage } from "./page.ts";
import { scriptHash } from "./script.ts";
import { styleHash } from "./style.ts";

/** Allows the script and the style of the page, and connections to this server only. */
const policy = `default-src 'none'; script-src ${scriptHash}; style-src ${styleHash}; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`;

/** What the page needs. */
type LinkPage = {
  readonly deps: Pick<Deps, "rateLimits" | "clientAddress">;
  readonly minPasswordLength: number;
  readonly responses: Responses;
};

/** Mounts `/link`, the page that one-time links open. */
export function mountLinkPage(app: Hono<Env>, { deps, minPasswordLength, responses }: LinkPage): void {
  const serve = documentHandler(deps, responses);
  const pageIn = (language: Language) =>
    serve({
      render: async () => String(await linkPage(language, minPasswordLength)),
      contentType: "text/html; charset=UTF-8",
      cacheControl: "no-store",
      headers: { "Content-Security-Policy": policy, "X-Frame-Options": "DENY" },
      varies: "Accept-Language",
    });
  const pages: Readonly<Record<Language, ReturnType<typeof pageIn>>> = { zh: pageIn("zh"), en: pageIn("en") };
  app.get("/link", (c) => pages[preferredLanguage(c.req.header("accept-language"))](c));
}
