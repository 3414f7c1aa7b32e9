import type { Hono } from "hono";
import type { Route } from "../../rest/routes.ts";
import type { Env } from "../env.ts";
import type { Responses } from "../responses.ts";
import type { OpenApi } from "./fields.ts";
import { docsPage } from "./page.ts";

/** What the documentation is made from and answered with. */
type Docs = { readonly answers: Responses; readonly document: OpenApi; readonly routes: readonly Route[] };

/** `/openapi.json` for programs, `/docs` for people. */
export function mountDocs(app: Hono<Env>, { answers, document, routes }: Docs): void {
  app.get("/openapi.json", (c) => answers.json(c, document));
  app.get("/docs", async (c) => {
    const page = await docsPage({ document, routes, origin: new URL(c.req.url).origin });
    const headers = { ...answers.headers(c), "Content-Type": "text/html; charset=UTF-8" };
    return new Response(String(page), { headers });
  });
  app.get("/", (c) => new Response(null, { status: 302, headers: { ...answers.headers(c), Location: "/docs" } }));
}
