// Expected duration: 160 s on two cores.

import { setTimeout as sleep } from "node:timers/promises";
import { endServers, freePort, hasNginx, hasOwnPostgresql, startNginx } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, describe, expect, test } from "vitest";
import { openRawDatabase } from "../src/checker/open-raw-database.ts";
import type { TimedResult } from "../src/faults/client-history.ts";
import { jifenAudit } from "../src/faults/jifen-audit.ts";
import { startPromotableDatabase } from "../src/faults/promotable-database.ts";
import { randomFrom } from "../src/faults/random.ts";
import { Replica } from "../src/faults/replica.ts";
import { restartInTurn } from "../src/faults/rolling-restart.ts";
import { startLoad } from "../src/faults/start-load.ts";

const isMissing = !(hasNginx() && hasOwnPostgresql()) && !process.env["CI"];
if (isMissing)
  console.error(
    "\n!!! NO NGINX OR NO POSTGRESQL: NO ROLLING RESTART IS PROVED. Debian's packages: nginx-light postgresql\n",
  );

const DURATION_MS = 60_000;
const EVERY_MS = 2_000;
/** Leaves time for restarts: 30 clients without a pause would take all of it. */
const PAUSE_MS = 80;
/** How long after the promotion requests may still get 503, until the servers have connected again. */
const RECOVERY_MS = 3_000;
/** How many requests must have an effect before the promotion, and after everything. */
const LEAST_EFFECTS = 100;

/** Answers that the request had no effect, or that its outcome is unknown. */
const isUnserved = ({ result }: TimedResult): boolean => result.is === "nothing done" || result.is === "unknown";

/** Requests without an answer, such as for a connection that was reset. */
const lostIn = (results: readonly TimedResult[]): string[] =>
  results.flatMap(({ result }) => (result.is === "unknown" && result.lost ? [`no answer: ${result.lost}`] : []));

/** The longest time in which no request was served. */
function longestGapMs(results: readonly TimedResult[]): number {
  const servedMs = results.filter((each) => !isUnserved(each)).map(({ atMs }) => atMs);
  return Math.max(...servedMs.map((atMs, n) => atMs - (servedMs[n - 1] ?? atMs)));
}

async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

describe.skipIf(isMissing)("servers behind nginx", () => {
  afterAll(endServers);

  test.for([2, 4])(
    "when %i servers behind nginx restart in turn and PostgreSQL fails over, no request fails but with a 503 to retry, and no effect is lost",
    {
      timeout: timeLimit(240),
    },
    async (count) => {
      await using primary = await startPromotableDatabase();
      const ports = await freePorts(count);
      const newReplica = (port?: number) =>
        new Replica(primary.url, { env: { PORT: String(port), TRUST_PROXY: "loopback" } });
      const replicas = [newReplica(ports[0]), ...ports.slice(1).map(newReplica)] as const;
      await using nginx = await startNginx(ports);
      const options = { replicas, random: randomFrom(1), url: () => nginx.url, pauseMs: PAUSE_MS };
      const { history, clients } = await startLoad(primary.url, options);

      const restarting = restartInTurn(replicas, { everyMs: EVERY_MS, durationMs: DURATION_MS });
      await Promise.all([sleep(DURATION_MS / 2), clients.waitForEffects(LEAST_EFFECTS)]);
      const promotionMs = Date.now();
      await primary.promote();
      const recoveredMs = Date.now() + RECOVERY_MS;
      const { findings, failedStartsMs, ...restarts } = await restarting;
      await clients.waitForEffects(LEAST_EFFECTS);
      await clients.stop();
      const logged = await Promise.all(replicas.map((replica) => replica.stop()));

      const unservedMs = history.results.filter(isUnserved).map(({ atMs }) => atMs);
      const figures = { ...restarts, unserved: unservedMs.length, longestGapMs: longestGapMs(history.results) };
      console.log(`${count} servers: ${JSON.stringify(figures)}, by status:`, nginx.tally());
      const isAtPromotion = (ms: number) => ms >= promotionMs && ms <= recoveredMs;
      await using database = await openRawDatabase(primary.promotedUrl);
      const found = [...(await history.check(database)), ...(await jifenAudit(primary.promotedUrl)), ...logged.flat()];
      expect([...found, ...findings, ...lostIn(history.results)]).toEqual([]);
      expect(unservedMs.filter((ms) => !isAtPromotion(ms))).toEqual([]);
      expect(failedStartsMs.filter((ms) => !isAtPromotion(ms))).toEqual([]);
      expect(restarts.restarts).toBeGreaterThanOrEqual(count);
    },
  );
});
