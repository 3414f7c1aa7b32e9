import type { Hono } from "hono";
import type { Deps } from "./deps.ts";
import type { Env } from "./env.ts";
import type { Responses } from "./responses.ts";

/** How long the database may take to say that it is there. */
const PING_TIMEOUT_MS = 1_000;

/** `/livez`: the process. `/readyz`: the database answers and the server is not stopping. */
export function mountProbes(app: Hono<Env>, { database, isDraining }: Deps, answers: Responses): void {
  app.get("/livez", (c) => answers.json(c, { status: "ok" }));
  app.get("/readyz", async (c) => {
    const reaches = await isReachable(database);
    const ready = reaches && !isDraining();
    return answers.json(
      c,
      { status: ready ? "ok" : "unavailable", database: reaches ? "ok" : "unreachable", draining: isDraining() },
      { status: ready ? 200 : 503, headers: { "Cache-Control": "no-store" } },
    );
  });
}

async function isReachable(database: Deps["database"]): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
  const answered = database.ping().then(
    () => true,
    () => false,
  );
  const reachable = await Promise.race([answered, timeout]);
  clearTimeout(timer);
  return reachable;
}
