import type { Hono } from "hono";
import type { Env } from "./env.ts";
import type { Responses } from "./responses.ts";

/**
 * Redirects pages whose address ends with a slash. Their links are relative, so that they work under the path of another
 * site, and relative links depend on that slash.
 */
export function mountPageRedirects(app: Hono<Env>, paths: readonly string[], responses: Responses): void {
  for (const path of paths) {
    app.get(path, async (c, next) => {
      if (!new URL(c.req.url).pathname.endsWith("/")) return next();
      return new Response(null, { status: 308, headers: { ...responses.headers(c), Location: `..${path}` } });
    });
  }
}
