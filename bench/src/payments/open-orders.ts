import { setTimeout } from "node:timers/promises";
import type { Part } from "../bench.ts";
import { openRawDatabase } from "../logs/raw-logs.ts";
import { median } from "../report/statistics.ts";
import { readMetrics } from "../server-metrics.ts";
import { insertOrders } from "./insert-orders.ts";
import { openShop } from "./shop.ts";

const ORDERS = 2_000;
/** How long an order can be paid. */
const ORDER_MS = 1_800_000;
const WATCHED_S = 60;
const IDLE_S = 20;
const CPU_SHARE = 0.05;
const LATE_S = 30;
/** GATEWAY_RATE, by default. */
const QUESTIONS_PER_SECOND = 20;

/** The share of a core that a server uses during so many seconds. */
async function cpuShare(url: string, seconds: number, eachSecond: () => Promise<void>): Promise<number> {
  const cpu = async () => (await readMetrics(url))("process_cpu_seconds_total");
  const [before, beganMs] = [await cpu(), performance.now()];
  for (let second = 1; second <= seconds; second += 1) {
    await setTimeout(beganMs + second * 1_000 - performance.now());
    await eachSecond();
  }
  return ((await cpu()) - before) / ((performance.now() - beganMs) / 1_000);
}

/** What the schedule costs while two thousand orders of the last half hour are open, which are some 100,000 a day. */
export const openOrdersPart: Part = {
  name: "open",
  says: `${ORDERS} open orders of half an hour on PostgreSQL: CPU of the schedule, and how late it is`,
  run: async (bench) => {
    if (!(await bench.databases.has("postgresql"))) return;
    const shop = await openShop(bench, "postgresql", 1);
    const raw = await openRawDatabase("postgresql", shop.databaseUrl);
    const idle = await cpuShare(shop.url, IDLE_S, async () => undefined);
    const merchant = `${shop.fake.settings["ALIPAY_APP_ID"]}`;
    await raw.rows(insertOrders({ count: ORDERS, users: ORDERS, merchant, overMs: ORDER_MS, state: "open" }));
    const lateS: number[] = [];
    const due = "SELECT COALESCE(MAX(extract(epoch FROM clock_timestamp()) * 1000 - next_check_ms), 0) FROM orders";
    const busy = await cpuShare(shop.url, WATCHED_S, async () => {
      lateS.push(Math.max(0, await raw.ask(due)) / 1_000);
    });
    const questions = (await raw.ask("SELECT SUM(checks) FROM orders")) / WATCHED_S;
    await raw.close();
    await shop.stop();
    bench.report.remark(
      `open: ${questions.toFixed(1)} questions a second, half of the seconds at most ${median(lateS).toFixed(1)} s late`,
    );
    const part = "open";
    const value = (says: string, limit: number, unit: "s" | "per second") => ({
      ...{ part, says: `${ORDERS} open orders: ${says}`, baseline: "" },
      target: { must: "at most", limit, unit } as const,
    });
    bench.report.targets.push(
      {
        ...{ part, says: `${ORDERS} open orders: more of a core`, baseline: "the same server idle" },
        ...{ target: { must: "at most", limit: CPU_SHARE }, ratios: [busy - idle] },
      },
      { ...value("questions to the provider", QUESTIONS_PER_SECOND, "per second"), ratios: [questions] },
      { ...value("the longest delay of a question", LATE_S, "s"), ratios: [Math.max(...lateS)] },
    );
  },
};
