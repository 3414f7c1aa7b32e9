import type { Database, PoolUse } from "@jifen/database";
import { Gauge, type Registry } from "prom-client";
import { cachedFor } from "./cached-for.ts";

/** How long what is read from the database is believed: each scrape of each server would read it again. */
const FRESH_MS = 15_000;

type DatabaseMetricsDeps = {
  readonly database: Pick<Database, "poolUse" | "allAccounts" | "webhooks">;
};

/** Registers how busy the connections are, and what waits in the database. A value that cannot be read is left out. */
export function registerDatabaseMetrics(registry: Registry, { database }: DatabaseMetricsDeps): void {
  const registers = [registry];
  const ofPools = (name: string, help: string, read: (use: PoolUse) => number) =>
    new Gauge({
      ...{ name, help, labelNames: ["pool"], registers },
      collect() {
        for (const [pool, use] of Object.entries(database.poolUse())) this.set({ pool }, read(use));
      },
    });
  ofPools(
    "jifen_pool_busy",
    "Connections to the database that are in use, by pool; none for SQLite.",
    (use) => use.busy,
  );
  ofPools("jifen_pool_idle", "Connections to the database that are open and not in use, by pool.", (use) => use.idle);
  ofPools("jifen_pool_waiting", "Calls that wait for a connection to the database, by pool.", (use) => use.waiting);
  const stored = (name: string, help: string, read: () => Promise<number>) => {
    const fresh = cachedFor(FRESH_MS, read);
    new Gauge({
      ...{ name, help, registers },
      async collect() {
        const value = await fresh().catch(() => undefined);
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  };
  stored("jifen_holds_open", "Holds of all accounts that are pending, 10000 at most.", () =>
    database.allAccounts.countOpenHolds(),
  );
  stored(
    "jifen_webhooks_overdue_seconds",
    "For how long the delivery that waits longest should have been sent; 0 when none is due.",
    async () => {
      const nowMs = Date.now();
      const { deliveries } = await database.webhooks.due(nowMs, { most: 1, perOwner: 1, perEndpoint: 1 });
      const dueMs = deliveries[0]?.nextMs;
      return typeof dueMs === "number" ? Math.max(0, (nowMs - dueMs) / 1_000) : 0;
    },
  );
}
