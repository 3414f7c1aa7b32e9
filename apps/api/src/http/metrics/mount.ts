import { createHash, timingSafeEqual } from "node:crypto";
import type { Hono } from "hono";
import type { Deps } from "../deps.ts";
import type { Env } from "../env.ts";
import type { Responses } from "../responses.ts";
import { createMetrics } from "./create-metrics.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Serves the metrics at /metrics to callers with the metrics token. Without a configured token there is no such path. */
export function mountMetrics(app: Hono<Env>, { metricsToken: token, ...deps }: Deps, responses: Responses): void {
  if (token === undefined) return;
  const metrics = createMetrics(deps);
  const expected = digest(`Bearer ${token}`);
  app.get("/metrics", async (c) => {
    // Digests have equal length, so that the comparison takes constant time.
    if (!timingSafeEqual(digest(c.req.header("authorization") ?? ""), expected)) {
      return responses.refusal(c, { code: "UNAUTHENTICATED" }, { call: { operation: "metrics", caller: undefined } });
    }
    const headers = { ...responses.headers(c), "Content-Type": metrics.contentType, "Cache-Control": "no-store" };
    return new Response(await metrics.read(), { headers });
  });
}
