import type { Hono } from "hono";
import type { Deps } from "./deps.ts";
import type { Env } from "./env.ts";
import { refusalOf } from "./error-response.ts";
import { type Responses, requestIdOf } from "./responses.ts";
import { recordIfUnexpected } from "./unexpected-error.ts";

/** Answers what no route does: a browser that asks before it calls, an address or method that is not there, a bug. */
export function mountFallback(app: Hono<Env>, log: Deps["log"], answers: Responses): void {
  app.options("*", (c) => answers.preflight(c));
  app.notFound((c) => {
    const methods = allowedMethods(app, c.req.path);
    if (methods.length === 0) return answers.refusal(c, { code: "NOT_FOUND" });
    return answers.refusal(c, { code: "METHOD_NOT_ALLOWED" }, { Allow: methods.join(", ") });
  });
  app.onError((error, c) => {
    recordIfUnexpected(log, error, { requestId: requestIdOf(c) });
    return answers.refusal(c, refusalOf(error));
  });
}

/** The methods that an address knows (RFC 9110, Allow); none when there is nothing at it. */
function allowedMethods(app: Hono<Env>, path: string): readonly string[] {
  const methods = ["GET", "POST"].filter((method) => app.router.match(method, path)[0].length > 0);
  return methods.includes("GET") ? [...methods, "HEAD"] : methods;
}
