import { Hono } from "hono";
import type { Env } from "./env.ts";
import type { Responses } from "./responses.ts";

/**
 * Answers while the server opens and migrates its database: the process runs, and nothing else is available. An
 * orchestrator then neither restarts a server that migrates nor sends it requests.
 */
export function createStartingApp(responses: Responses): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/livez", (c) => responses.json(c, { status: "ok" }));
  app.get("/readyz", (c) =>
    responses.json(
      c,
      { status: "unavailable", database: "unreachable", starting: true, draining: false },
      { status: 503, headers: { "Cache-Control": "no-store" } },
    ),
  );
  app.options("*", (c) => responses.preflight(c));
  app.notFound((c) => responses.refusal(c, { code: "DATABASE_UNAVAILABLE" }));
  return app;
}
