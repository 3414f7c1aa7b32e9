import { createHash, timingSafeEqual } from "node:crypto";
import type { Hono } from "hono";
import type { Deps } from "../deps.ts";
import type { Env } from "../env.ts";
import type { Responses } from "../responses.ts";
import { createMetrics } from "./create-metrics.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Serves the metrics at /metrics to whoever has the token; without one there is nothing at that address. */
export function mountMetrics(app: Hono<Env>, { metricsToken: token, database }: Deps, answers: Responses): void {
  if (token === undefined) return;
  const metrics = createMetrics(database);
  const expected = digest(`Bearer ${token}`);
  app.get("/metrics", async (c) => {
    // Compared by their digests, which are of one length: the time it takes tells nothing.
    if (!timingSafeEqual(digest(c.req.header("authorization") ?? ""), expected)) {
      return answers.refusal(c, { code: "UNAUTHENTICATED" });
    }
    const headers = { ...answers.headers(c), "Content-Type": metrics.contentType, "Cache-Control": "no-store" };
    return new Response(await metrics.read(), { headers });
  });
}
