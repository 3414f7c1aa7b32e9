import type { Language, Refusal } from "@jifen/contract";
import type { Context as HonoContext } from "hono";
import { cspHash } from "../../../http/csp-hash.ts";
import type { Env } from "../../../http/env.ts";
import { refusalHeaders, specOf } from "../../../http/error-response.ts";
import type { Call, ResponseHeaders } from "../../../http/responses.ts";
import type { PageDeps } from "./deps.ts";
import { isForeign } from "./foreign-origin.ts";
import { formError } from "./form-errors.ts";
import { layout, type Page } from "./layout.ts";
import { chosenLanguage, languageCookie, type View, viewOf } from "./preferences.ts";
import { pageStyle } from "./style.ts";

/** A request for a page. */
type Request = HonoContext<Env>;

/** A refusal is recorded and makes the status of the response; headers are added. */
type Options = { readonly refusal?: Refusal; readonly headers?: ResponseHeaders; readonly call?: Call };

/** Makes the responses of the sign-in pages. */
export type PageResponses = {
  page(c: Request, page: Page, options?: Options): Promise<Response>;
  /** 303: the browser opens another address with GET. */
  redirect(c: Request, to: string, headers?: ResponseHeaders): Response;
  /** Serves a page that nothing was submitted to. It counts for the rate limit of the address. */
  get(render: (c: Request, view: View) => Page | Promise<Page>): (c: Request) => Promise<Response>;
  /** Whether a form was sent by a page of another origin; it must have no effect. */
  isForeign(c: Request): boolean;
};

const unusedFeatures = ["camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb"];

/** Creates the responses. No page may be cached: a form shows what was typed, and the log-in decides what comes next. */
export function createPageResponses({ http, identity, responses }: PageDeps): PageResponses {
  const { brand } = identity;
  const style = pageStyle(brand.color);
  const images = ["'self'", ...(brand.logoUrl?.startsWith("https:") ? [new URL(brand.logoUrl).origin] : [])];
  const policy = (script: string | undefined) =>
    [
      `default-src 'none'; style-src ${cspHash(style)}; img-src ${images.join(" ")}`,
      ...(script === undefined ? [] : [`script-src ${cspHash(script)}; connect-src 'self'`]),
      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ].join("; ");
  const headersOf = (c: Request): ResponseHeaders => ({
    ...responses.headers(c),
    "Cache-Control": "no-store",
    Vary: "Origin, Accept-Language, Cookie",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": unusedFeatures.map((feature) => `${feature}=()`).join(", "),
    // With `no-referrer`, browsers send `Origin: null` with forms, which then cannot be told from those of other sites.
    "Referrer-Policy": "same-origin",
  });
  const page: PageResponses["page"] = async (c, made, { refusal, headers, call } = {}) => {
    if (refusal) responses.record(c, refusal, call);
    return new Response(
      String(
        await layout(made, {
          view: viewOf(c, responses),
          brand,
          style,
          inLanguage: (language) => addressIn(c, language),
        }),
      ),
      {
        status: refusal === undefined ? 200 : specOf(refusal).status,
        headers: {
          ...headersOf(c),
          "Content-Type": "text/html; charset=UTF-8",
          "Content-Security-Policy": policy(made.script),
          ...(refusal === undefined ? {} : refusalHeaders(refusal)),
          ...headers,
        },
      },
    );
  };
  const redirect: PageResponses["redirect"] = (c, to, headers) =>
    new Response(null, { status: 303, headers: { ...headersOf(c), Location: to, ...headers } });
  return {
    page,
    redirect,
    isForeign: (c) => isForeign((name) => c.req.header(name), http.publicUrl()),
    get: (render) => async (c) => {
      const counted = await http.rateLimits.count({ policy: "ip", key: http.clientAddress(c.env.incoming) });
      if (counted && !counted.isAllowed) {
        const { retryAfterSeconds } = counted;
        return responses.refusal(c, { code: "RATE_LIMITED", retryAfterSeconds }, { headers: counted.headers });
      }
      const language = chosenLanguage(c);
      if (language === undefined) return page(c, await render(c, viewOf(c, responses)));
      const set = { "Set-Cookie": languageCookie(language, http.publicUrl()) };
      return redirect(c, addressIn(c, undefined), set);
    },
  };
}

/** The page of a refusal that concerns no field: a form of another site, or one that cannot be read. */
export const refusalPage = (title: string, refusal: Refusal, { language }: View): Page => ({
  title,
  body: formError(refusal, { language, shownAtFields: [] }),
});

/** The address of this page, relative, which asks for a language or for none. */
function addressIn(c: Request, language: Language | undefined): string {
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.delete("language");
  if (language !== undefined) searchParams.set("language", language);
  const name = pathname.slice(pathname.lastIndexOf("/") + 1);
  return searchParams.size === 0 ? name : `${name}?${searchParams}`;
}
