import { callRest } from "@jifen/testkit/processes";
import type { Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { openRawDatabase } from "../logs/raw-logs.ts";
import { percentile } from "../report/statistics.ts";
import { number } from "../workload.ts";
import { insertOrders, orderIdOf } from "./insert-orders.ts";
import { openShop } from "./shop.ts";

const ORDERS = 1_000_000;
const USERS = 5_000;
const LOOK_UPS = 500;
const LIMIT_MS = 5;
const A_YEAR_MS = 31_536_000_000;

/** Finding an order by its id alone, as a notice and staff do. */
export const lookUpPart: Part = {
  name: "look-up",
  says: `an order by its id alone among ${number(ORDERS)} on PostgreSQL`,
  run: async (bench) => {
    if (!(await bench.databases.has("postgresql"))) return;
    const shop = await openShop(bench, "postgresql", 1);
    const raw = await openRawDatabase("postgresql", shop.databaseUrl);
    const orders = { count: ORDERS, users: USERS, merchant: "bench", overMs: A_YEAR_MS, state: "closed" } as const;
    await raw.rows(insertOrders(orders));
    await raw.rows("ANALYZE orders");
    const comparison = new Comparison(bench, "look-up");
    const situation = { spread: `${number(ORDERS)} orders`, atOnce: 1 };
    const measure = async (find: (id: string) => Promise<void>) => {
      const latenciesMs: number[] = [];
      for (let at = 0; at < LOOK_UPS; at += 1) {
        const beganMs = performance.now();
        await find(orderIdOf(Math.floor(Math.random() * ORDERS)));
        latenciesMs.push(performance.now() - beganMs);
      }
      const at = (share: number) => percentile(latenciesMs, share);
      const ratePerSecond = (LOOK_UPS * 1_000) / latenciesMs.reduce((sum, ms) => sum + ms, 0);
      return { ratePerSecond, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
    };
    const statement = comparison.add({
      ...{ ...situation, what: "find an order", subject: "one raw statement" },
      run: () => measure(async (id) => void (await raw.rows(`SELECT * FROM orders WHERE id = '${id}'`))),
    });
    const request = comparison.add({
      ...{ ...situation, what: "find an order", subject: "GET /admin/orders/{id}" },
      comparedWith: { "the statement": [statement] },
      run: () =>
        measure(async (id) => {
          const { status } = await callRest(shop.url, "GET", `/admin/orders/${id}`, { token: shop.tokens[0] });
          if (status !== 200) bench.report.finding(`an order was answered with ${status}`);
        }),
    });
    comparison.expectMs([request, "p95Ms"], { says: "GET /admin/orders/{id}: p95", limit: LIMIT_MS });
    await comparison.measure();
    await raw.close();
    await shop.stop();
  },
};
