import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import type { Deps } from "./deps.ts";
import { mountDocs, styleHash } from "./docs/mount.ts";
import { mountProbes } from "./probes.ts";
import { mountRest, routes } from "./rest/adapter.ts";
import { errorResponse } from "./rest/error-response.ts";
import { createOpenApiDocument } from "./rest/openapi.ts";
import { createRouter } from "./router.ts";
import { mountTrpc } from "./trpc-mount.ts";
import { recordIfUnexpected } from "./unexpected-error.ts";
import { version } from "./version.ts";
import { refusalOf } from "./wire-error.ts";

/** What every request carries. */
export type Env = { Variables: { requestId: string } };

/** Builds the server: every way in, over one router. */
export function createServer(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  app.use(requestId({ limitLength: 128, generator: () => `req-${randomUUID()}` }));
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: [styleHash], frameAncestors: ["'none'"] },
      strictTransportSecurity: "max-age=31536000; includeSubDomains",
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
  );
  app.use(
    cors({
      origin: (origin) => (deps.frontendOrigins.includes(origin) ? origin : null),
      allowMethods: ["GET", "POST"],
      allowHeaders: [
        "Accept-Language",
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "X-Request-Id",
        "X-User-Id",
      ],
      exposeHeaders: ["Idempotency-Replayed", "Retry-After", "X-Request-Id"],
      credentials: true,
      maxAge: 600,
    }),
  );

  const router = createRouter(deps);
  mountProbes(app, deps);
  mountTrpc(app, deps, router);
  mountRest(app, deps, router);
  mountDocs(app, createOpenApiDocument(version));

  app.notFound((c) => {
    const methods = allowedMethods(c.req.path);
    if (methods.length === 0) return errorResponse(c, { code: "NOT_FOUND" });
    return errorResponse(c, { code: "METHOD_NOT_ALLOWED" }, { Allow: methods.join(", ") });
  });
  app.onError((error, c) => {
    recordIfUnexpected(deps.log, error, { requestId: c.get("requestId") });
    return errorResponse(c, refusalOf(error));
  });
  return app;
}

/** The methods that an address knows (RFC 9110, Allow); none when there is nothing at it. */
function allowedMethods(path: string): readonly string[] {
  const methods = new Set(
    routes
      .filter(({ operation }) => operation.rest.path === path)
      .map(({ operation }) => operation.rest.method as string),
  );
  if (path.startsWith("/trpc/")) methods.add("GET").add("POST");
  if (["/", "/docs", "/livez", "/openapi.json", "/readyz"].includes(path)) methods.add("GET");
  if (methods.has("GET")) methods.add("HEAD");
  return [...methods];
}
