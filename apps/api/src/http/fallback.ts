import type { Hono } from "hono";
import type { Deps } from "./deps.ts";
import type { Env } from "./env.ts";
import { refusalOf } from "./error-response.ts";
import { type Responses, requestIdOf } from "./responses.ts";
import { recordIfUnexpected } from "./unexpected-error.ts";

/** Handles what no route does: CORS preflights, unknown paths, wrong methods and thrown errors. */
export function mountFallback(app: Hono<Env>, log: Deps["log"], responses: Responses): void {
  app.options("*", (c) => responses.preflight(c));
  app.notFound((c) => {
    const methods = allowedMethods(app, c.req.path);
    if (methods.length === 0) return responses.refusal(c, { code: "NOT_FOUND" });
    return responses.refusal(c, { code: "METHOD_NOT_ALLOWED" }, { headers: { Allow: methods.join(", ") } });
  });
  app.onError((error, c) => {
    recordIfUnexpected(log, error, { requestId: requestIdOf(c) });
    return responses.refusal(c, refusalOf(error));
  });
}

/** The methods of a path, for the Allow header (RFC 9110); none when the path is unknown. */
function allowedMethods(app: Hono<Env>, path: string): readonly string[] {
  const methods = ["GET", "POST"].filter((method) => app.router.match(method, path)[0].length > 0);
  return methods.includes("GET") ? [...methods, "HEAD"] : methods;
}
