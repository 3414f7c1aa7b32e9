import type { Hono } from "hono";
import type { Deps } from "./deps.ts";
import type { Env } from "./env.ts";
import type { Responses } from "./responses.ts";

/** How long the database may take to respond. */
const PING_TIMEOUT_MS = 1_000;

/**
 * `/livez`: the process runs. `/readyz`: the database responds and can be written, and the server is neither starting nor
 * stopping.
 */
export function mountProbes(app: Hono<Env>, deps: Deps, responses: Responses): void {
  const { database, writeProblem, isDraining, isStarting } = deps;
  app.get("/livez", (c) => responses.json(c, { status: "ok" }));
  app.get("/readyz", async (c) => {
    const reachable = await isReachable(database);
    const problem = writeProblem();
    const ready = reachable && problem === undefined && !isStarting() && !isDraining();
    return responses.json(
      c,
      {
        status: ready ? "ok" : "unavailable",
        database: reachable ? (problem ?? "ok") : "unreachable",
        starting: isStarting(),
        draining: isDraining(),
      },
      { status: ready ? 200 : 503, headers: { "Cache-Control": "no-store" } },
    );
  });
}

async function isReachable(database: Deps["database"]): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
  const responded = database.ping().then(
    () => true,
    () => false,
  );
  const reachable = await Promise.race([responded, timeout]);
  clearTimeout(timer);
  return reachable;
}
