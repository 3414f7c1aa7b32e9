import type { Language } from "@jifen/contract";
import type { Hono, Context as HonoContext } from "hono";
import { chosenLanguage, languageCookie, type View, viewOf } from "../../modules/identity/pages/preferences.ts";
import type { DescribedRoute } from "../../rest/routes.ts";
import type { Deps } from "../deps.ts";
import type { Env } from "../env.ts";
import { inEveryVariant } from "../page-variants.ts";
import type { ResponseHeaders, Responses } from "../responses.ts";
import { documentHandler } from "../static-document.ts";
import type { OpenApi } from "./fields.ts";
import { type PageName, pageNames } from "./groups.ts";
import { llmsFullText, llmsText } from "./llms.ts";
import { docsPage } from "./page.ts";
import { type PageParts, type PageSource, pageParts } from "./page-parts.ts";
import { scriptHash } from "./script.ts";
import { styleHash } from "./style.ts";

/** What the documentation is created from. */
type Docs = {
  readonly deps: Pick<Deps, "rateLimits" | "clientAddress">;
  readonly responses: Responses;
  readonly document: () => OpenApi;
  readonly routes: readonly DescribedRoute[];
  /** The address of this server for users. */
  readonly publicUrl: () => string;
};

/** The documentation changes with an upgrade only. */
const cacheControl = "public, max-age=300";

const policy = [
  `default-src 'none'; style-src ${styleHash}; script-src ${scriptHash}; img-src 'self'; form-action 'self'`,
  "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
].join("; ");

/** A longer search finds nothing. */
const MAX_SEARCH = 100;

const shared = {
  contentType: "text/html; charset=UTF-8",
  cacheControl,
  headers: { "Content-Security-Policy": policy } satisfies ResponseHeaders,
  varies: "Accept-Language, Cookie",
} as const;

/**
 * Serves the OpenAPI document at `/openapi.json`, the documentation at `/docs` and `/docs-staff`, and the same for language
 * models at `/llms.txt` and `/llms-full.txt`.
 */
export function mountDocs(app: Hono<Env>, { deps, responses, document, routes, publicUrl }: Docs): void {
  const serve = documentHandler(deps, responses);
  app.get(
    "/openapi.json",
    serve({ render: () => JSON.stringify(document()), contentType: "application/json", cacheControl }),
  );
  const source = (): PageSource => ({ document: document(), routes, origin: publicUrl() });
  const markdown = (render: () => string) =>
    serve({ render, contentType: "text/markdown; charset=UTF-8", cacheControl });
  app.get(
    "/llms.txt",
    markdown(() => llmsText(source())),
  );
  app.get(
    "/llms-full.txt",
    markdown(() => llmsFullText(source())),
  );
  const made = new Map<Language, Promise<PageParts>>();
  const partsIn = (language: Language): Promise<PageParts> => {
    const parts = made.get(language) ?? pageParts(source(), language);
    made.set(language, parts);
    return parts;
  };
  for (const page of pageNames) mountPage(app, { page, partsIn, serve, responses, publicUrl });
}

type PageMount = Pick<Docs, "responses" | "publicUrl"> & {
  readonly page: PageName;
  readonly partsIn: (language: Language) => Promise<PageParts>;
  readonly serve: ReturnType<typeof documentHandler>;
};

function mountPage(app: Hono<Env>, { page, partsIn, serve, responses, publicUrl }: PageMount): void {
  const render = async ({ language, theme }: View, search = "") =>
    String(await docsPage(await partsIn(language), { theme, page, search }));
  const pages = inEveryVariant((language, theme) => serve({ ...shared, render: () => render({ language, theme }) }));

  const find = (c: HonoContext<Env>, search: string): Promise<Response> =>
    serve({
      ...shared,
      cacheControl: "no-store",
      isCompressed: false,
      render: () => render(viewOf(c, responses), search),
    })(c);

  app.get(`/${page}`, (c) => {
    const language = chosenLanguage(c);
    if (language !== undefined) {
      const cookie = languageCookie(language, publicUrl());
      const headers = { ...responses.headers(c), "Cache-Control": "no-store", Location: page, "Set-Cookie": cookie };
      return new Response(null, { status: 303, headers });
    }
    const search = c.req.query("q")?.trim() ?? "";
    if (search !== "") return find(c, search.slice(0, MAX_SEARCH));
    const view = viewOf(c, responses);
    return pages[view.language][view.theme ?? "system"](c);
  });
}
