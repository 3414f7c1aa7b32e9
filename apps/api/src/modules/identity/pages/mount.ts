import type { Hono } from "hono";
import type { Env } from "../../../http/env.ts";
import type { PageDeps } from "./deps.ts";
import { icon } from "./icon.ts";
import { linkPages } from "./link.ts";
import { loginPages } from "./login.ts";
import { logoutPage } from "./logout.ts";
import { forgotPages, registerPages } from "./request-link.ts";
import { createPageResponses } from "./respond.ts";

/** Mounts the pages that lead to a session: log-in, registration, forgotten password and one-time links; and the log-out. */
export function mountSignInPages(app: Hono<Env>, deps: PageDeps): void {
  const pages = createPageResponses(deps);
  const all = {
    "/login": loginPages(deps, pages),
    "/register": registerPages(deps, pages),
    "/forgot": forgotPages(deps, pages),
    "/link": linkPages(deps, pages),
  };
  for (const [path, { show, submit }] of Object.entries(all)) {
    app.get(path, show);
    app.post(path, submit);
  }
  app.post("/logout", logoutPage(deps, pages));
  for (const path of ["/icon.svg", "/favicon.ico"]) {
    app.get(path, (c) => {
      const headers = { "Content-Type": "image/svg+xml", "Cache-Control": "public, max-age=86400" };
      return new Response(icon, { headers: { ...deps.responses.headers(c), ...headers } });
    });
  }
}
