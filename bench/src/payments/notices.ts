import { setTimeout } from "node:timers/promises";
import type { Bench, Part } from "../bench.ts";
import type { FilledKind } from "../logs/filled.ts";
import { openRawDatabase } from "../logs/raw-logs.ts";
import { percentile } from "../report/statistics.ts";
import { PACK } from "./packs.ts";
import { openShop, type Shop } from "./shop.ts";

const USERS = 500;
/** A user can have so many unfinished orders. */
const ORDERS_EACH = 4;
/** Notices that a provider sends together. */
const TOGETHER = 500;
const PACED_PER_SECOND = 100;
const RATE = 300;
const P99_MS = 150;

/** Places orders of every user in turn. */
async function placeOrders({ order }: Shop, count: number): Promise<string[]> {
  const orders: string[] = [];
  for (let from = 0; from < count; from += 50) {
    const users = Array.from({ length: Math.min(50, count - from) }, (_, at) => from + at);
    orders.push(...(await Promise.all(users.map(order))));
  }
  return orders;
}

/** How many orders have a notice that was acknowledged: each of them was credited before. */
const acknowledged = ({ fake }: Shop): number =>
  new Set(fake.deliveries.flatMap(({ isAcknowledged, number }) => (isAcknowledged ? [number] : []))).size;

async function untilAcknowledged(shop: Shop, count: number): Promise<void> {
  const beganMs = performance.now();
  const done = () => acknowledged(shop);
  while (done() < count) {
    if (performance.now() - beganMs > 60_000) throw new Error(`${done()} of ${count} notices were acknowledged`);
    await setTimeout(5);
  }
}

/** Notices that arrive together. @returns how many were credited in a second */
async function together(shop: Shop): Promise<number> {
  const orders = await placeOrders(shop, TOGETHER);
  const before = acknowledged(shop);
  const beganMs = performance.now();
  for (const orderId of orders) shop.fake.act(orderId, "pay");
  await untilAcknowledged(shop, before + orders.length);
  return (orders.length * 1_000) / (performance.now() - beganMs);
}

/** Notices at a constant rate. @returns the 99th percentile of the times from paid to acknowledged */
async function paced(shop: Shop, seconds: number): Promise<number> {
  const orders = await placeOrders(shop, Math.min(PACED_PER_SECOND * seconds, USERS * ORDERS_EACH));
  const latenciesMs: number[] = [];
  const waiting = new Map<string, number>();
  const gapMs = 1_000 / PACED_PER_SECOND;
  let read = shop.fake.deliveries.length;
  const beganMs = performance.now();
  for (let sent = 0; latenciesMs.length < orders.length; ) {
    const nowMs = performance.now();
    for (; sent < orders.length && beganMs + sent * gapMs <= nowMs; sent += 1) {
      waiting.set(`${orders[sent]}`, performance.now());
      shop.fake.act(`${orders[sent]}`, "pay");
    }
    for (; read < shop.fake.deliveries.length; read += 1) {
      const delivery = shop.fake.deliveries[read];
      const sinceMs = delivery && waiting.get(delivery.number);
      if (delivery?.isAcknowledged && sinceMs !== undefined) latenciesMs.push(performance.now() - sinceMs);
    }
    if (nowMs - beganMs > 60_000)
      throw new Error(`${latenciesMs.length} of ${orders.length} notices were acknowledged`);
    await setTimeout(1);
  }
  return percentile(latenciesMs, 0.99);
}

type Credited = { readonly kind: FilledKind; readonly databaseUrl: string; readonly orders: number };

async function checkCredits({ report }: Bench, { kind, databaseUrl, orders }: Credited): Promise<void> {
  const raw = await openRawDatabase(kind, databaseUrl);
  const granted = await raw.ask("SELECT COALESCE(SUM(amount), 0) FROM transactions WHERE kind = 'grant'");
  await raw.close();
  const expected = orders * (PACK.credits + PACK.bonusCredits);
  if (granted !== expected) report.finding(`${kind}: ${granted} credits granted, and ${expected} were paid for`);
}

const createPart = (kind: FilledKind, database: string): Part => ({
  name: `notices-${kind}`,
  says: `notices on ${database}, from verified to credited`,
  run: async (bench) => {
    if (!(await bench.databases.has(kind))) return;
    const { options, report } = bench;
    const shop = await openShop(bench, kind, USERS);
    await together(shop);
    const [rates, p99s]: [number[], number[]] = [[], []];
    for (let round = 0; round < options.rounds; round += 1) {
      rates.push(await together(shop));
      p99s.push(await paced(shop, options.seconds));
      report.progress(
        `  notices-${kind}, round ${round + 1}: ${rates.at(-1)?.toFixed(0)}/s, p99 ${p99s.at(-1)?.toFixed(0)} ms`,
      );
    }
    const part = `notices-${kind}`;
    report.targets.push({
      ...{ part, says: `${TOGETHER} notices together, verified to credited`, baseline: "" },
      ...{ target: { must: "at least", limit: RATE, unit: "per second" }, ratios: rates },
    });
    report.targets.push({
      ...{ part, says: `p99 of a notice, ${PACED_PER_SECOND} a second`, baseline: "" },
      ...{ target: { must: "at most", limit: P99_MS, unit: "ms" }, ratios: p99s },
    });
    const paid = [...shop.fake.books.trades.values()].filter(({ payments }) => payments.length > 0).length;
    await checkCredits(bench, { kind, databaseUrl: shop.databaseUrl, orders: paid });
    await shop.stop();
  },
});

/** Notices on each database. */
export const noticesParts: readonly Part[] = [createPart("postgresql", "PostgreSQL"), createPart("sqlite", "SQLite")];
