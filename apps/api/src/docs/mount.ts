import { createHash } from "node:crypto";
import type { Hono } from "hono";
import type { Env } from "../server.ts";
import type { OpenApi } from "./fields.ts";
import { docsPage } from "./page.ts";
import { style } from "./style.ts";

/** What allows the page's own style, and no other, in a Content-Security-Policy. */
export const styleHash = `'sha256-${createHash("sha256").update(style).digest("base64")}'`;

/** `/openapi.json` for programs, `/docs` for people. */
export function mountDocs(app: Hono<Env>, document: OpenApi): void {
  app.get("/openapi.json", (c) => c.json(document));
  app.get("/docs", (c) => c.html(docsPage(document, new URL(c.req.url).origin)));
  app.get("/", (c) => c.redirect("/docs"));
}
