import { setTimeout } from "node:timers/promises";
import type { Part } from "../bench.ts";
import { percentile } from "../report/statistics.ts";
import { openShop, type Shop } from "./shop.ts";

const ORDERS = 60;
const OVER_MS = 60_000;
/** How long after the order the user pays, at most. */
const PAYS_WITHIN_MS = 45_000;
const LIMIT_S = 30;
const WITH_PAGE_LIMIT_S = 3;
/** How often an open page of an order asks, as `POST /orders/{id}/check` allows. */
const PAGE_ASKS_MS = 3_000;

/** Orders and pays, and waits until the order is credited. @returns the seconds from paid to credited */
async function buy(shop: Shop, user: number, hasPage: boolean): Promise<number> {
  await setTimeout((user * OVER_MS) / ORDERS);
  const orderId = await shop.order(user);
  await setTimeout(Math.random() * PAYS_WITHIN_MS);
  // The user scans the code.
  await (await fetch(`${shop.fake.url}/pay/${orderId}`)).text();
  shop.fake.act(orderId, "pay");
  const paidAtMs = performance.now();
  const asks = hasPage ? PAGE_ASKS_MS : 100;
  // A page was opened some time before.
  if (hasPage) await setTimeout(Math.random() * PAGE_ASKS_MS);
  while (!(await shop.isCredited(user, orderId, hasPage ? "check" : undefined))) await setTimeout(asks);
  return (performance.now() - paidAtMs) / 1_000;
}

/** How long a payment takes to be credited while every notice is lost. */
export const lostNoticesPart: Part = {
  name: "lost",
  says: "from paid to credited while every notice is lost, two minutes",
  run: async (bench) => {
    const kind = (await bench.databases.has("postgresql")) ? "postgresql" : "sqlite";
    const shop = await openShop(bench, kind, 2 * ORDERS);
    shop.fake.turn({ lose: 1 });
    const users = Array.from({ length: ORDERS }, (_, user) => user);
    const [alone, withPage] = await Promise.all([
      Promise.all(users.map((user) => buy(shop, user, false))),
      Promise.all(users.map((user) => buy(shop, user + ORDERS, true))),
    ]);
    await shop.stop();
    const add = (says: string, limit: number, seconds: readonly number[]) =>
      bench.report.targets.push({
        ...{ part: "lost", says: `${says}: p95 from paid to credited`, baseline: "" },
        ...{ target: { must: "at most", limit, unit: "s" }, ratios: [percentile(seconds, 0.95)] },
      });
    add(`${ORDERS} orders of a minute, no notice`, LIMIT_S, alone);
    add("the same with the page of the order open", WITH_PAGE_LIMIT_S, withPage);
  },
};
