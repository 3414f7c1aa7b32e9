import type { Hono, Context as HonoContext } from "hono";
import type { Deps } from "../http/deps.ts";
import type { Env } from "../http/env.ts";
import { pagePrefix } from "../http/page-prefix.ts";
import { inEveryVariant } from "../http/page-variants.ts";
import type { ResponseHeaders, Responses } from "../http/responses.ts";
import { documentHandler } from "../http/static-document.ts";
import { viewOf } from "../modules/identity/pages/preferences.ts";
import { indexPage, type PageVariant } from "./index-page.ts";
import { areaScripts, areas } from "./manifest.ts";
import type { ConsoleBuild } from "./read-build.ts";

/** What the pages are served with. */
type ConsoleMount = {
  readonly deps: Pick<Deps, "rateLimits" | "clientAddress" | "publicUrl">;
  readonly responses: Responses;
  readonly build: ConsoleBuild;
};

type Handler = (c: HonoContext<Env>) => Promise<Response>;

/** A file whose name changes with its content never changes. */
const IMMUTABLE = "public, max-age=31536000, immutable";

/** Everything comes from this server, nothing is written inside of the page, and no script makes scripts out of text. */
const policy = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'",
  "form-action 'self'; base-uri 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
].join("; ");

const unusedFeatures = ["camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb"];

const pageHeaders: ResponseHeaders = {
  "Content-Security-Policy": policy,
  "X-Frame-Options": "DENY",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": unusedFeatures.map((feature) => `${feature}=()`).join(", "),
  // With `no-referrer`, browsers send `Origin: null` with forms, which then cannot be told from those of other sites.
  "Referrer-Policy": "same-origin",
};

/** Serves the pages of operators at `/console` and those of users at `/account`, from the build of the console. */
export function mountConsole(app: Hono<Env>, { deps, responses, build }: ConsoleMount): void {
  const serve = documentHandler(deps, responses);

  const assets = new Map(
    [...build.assets].map(([name, { contentType, encoded }]) => [
      name,
      serve({ render: () => encoded, contentType, cacheControl: IMMUTABLE }),
    ]),
  );
  // Never a page: an old tab that asks for a chunk of the former version could not tell that it is gone.
  app.get("/console/assets/:name{.+}", (c) => {
    const asset = assets.get(c.req.param("name"));
    return asset ? asset(c) : responses.refusal(c, { code: "NOT_FOUND" });
  });

  for (const area of areas) {
    const pageOf = (variant: PageVariant): Handler =>
      serve({
        render: () =>
          indexPage(build.index, {
            ...variant,
            scripts: areaScripts(build.manifest, area, variant.language),
            prefix: pagePrefix(deps.publicUrl()),
          }),
        contentType: "text/html; charset=UTF-8",
        cacheControl: "no-cache",
        headers: pageHeaders,
        varies: "Accept-Language, Cookie",
      });
    // Each page is made at its first request.
    const pages = inEveryVariant((language, theme) => pageOf({ area, language, theme }));
    const page: Handler = (c) => {
      const { language, theme = "system" } = viewOf(c, responses);
      return pages[language][theme](c);
    };
    // The router of the pages decides what an address means: it also knows which do not exist.
    app.get(`/${area}`, page);
    app.get(`/${area}/*`, page);
  }
}
