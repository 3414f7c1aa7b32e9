import { preferredLanguage } from "@jifen/contract";
import type { Hono } from "hono";
import type { Env } from "../../../http/env.ts";
import type { Responses } from "../../../http/responses.ts";
import { linkPage } from "./page.ts";
import { scriptHash } from "./script.ts";
import { styleHash } from "./style.ts";

/** Allows the script and the style of the page, and connections to this server only. */
const policy = `default-src 'none'; script-src ${scriptHash}; style-src ${styleHash}; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`;

/** Mounts `/link`, the page that one-time links open. */
export function mountLinkPage(
  app: Hono<Env>,
  { minPasswordLength }: { readonly minPasswordLength: number },
  answers: Responses,
): void {
  app.get("/link", async (c) => {
    const page = await linkPage(preferredLanguage(c.req.header("accept-language")), minPasswordLength);
    const headers = {
      ...answers.headers(c),
      "Content-Type": "text/html; charset=UTF-8",
      "Content-Security-Policy": policy,
      "X-Frame-Options": "DENY",
      "Cache-Control": "no-store",
    };
    return new Response(String(page), { headers });
  });
}
