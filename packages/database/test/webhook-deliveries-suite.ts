import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Database, WebhookDelivery } from "../src/index.ts";
import { times } from "./samples.ts";
import type { useDatabase } from "./use-database.ts";
import { NOW_MS, type WebhookRows } from "./webhook-rows.ts";

const SENT = { lastStatus: 200, lastError: null, lastAtMs: NOW_MS } as const;

/** Deliveries of outgoing events, the same on every database. @param other another process */
export function describeDeliveries(
  here: ReturnType<typeof useDatabase>,
  { newOwner, create, happen, fanOutAll, deliveriesOf }: WebhookRows,
  other: () => Database,
): void {
  const webhooks = () => here.database.webhooks;
  /** An endpoint with one delivery that is due. */
  const withDelivery = async () => {
    const endpoint = await create(await newOwner());
    const event = await happen(endpoint.ownerId);
    await fanOutAll();
    const [delivery] = await deliveriesOf(endpoint);
    return { endpoint, event, delivery: delivery as WebhookDelivery };
  };

  describe("a webhook delivery", () => {
    test("of several processes that send a delivery, one gets it, and it is due again after its lease", async () => {
      const { delivery } = await withDelivery();
      const isDue = async (nowMs: number) =>
        (await webhooks().due(nowMs, { most: 1_000, perOwner: 1_000, perEndpoint: 1_000 })).deliveries.some(
          ({ eventId }) => eventId === delivery.eventId,
        );
      expect([await isDue(NOW_MS - 1), await isDue(NOW_MS)]).toEqual([false, true]);
      const taken = await Promise.all(
        times(8, (n) => (n % 2 === 0 ? other() : here.database).webhooks.lease(delivery, NOW_MS + 60_000 + n)),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect([await isDue(NOW_MS + 59_999), await isDue(NOW_MS + 60_010)]).toEqual([false, true]);
    });

    test("deliveries of one owner do not hold up the others, however many are due", async () => {
      const [busy, quiet] = [await newOwner(), await newOwner()];
      const endpoints = [await create(busy), await create(busy), await create(busy)];
      for (let n = 0; n < 250; n += 1) await happen(busy);
      await fanOutAll();
      const own = await create(quiet);
      await happen(quiet);
      await fanOutAll();
      // The backlog is due for longer, as after a replay.
      for (const endpoint of endpoints) await webhooks().wake(endpoint, NOW_MS - 1);
      const { deliveries, isMore } = await webhooks().due(NOW_MS, { most: 1_000, perOwner: 5, perEndpoint: 2 });
      const count = (id: string) => deliveries.filter(({ endpointId }) => endpointId === id).length;
      expect(endpoints.map(({ id }) => count(id)).toSorted()).toEqual([1, 2, 2]);
      expect([count(own.id), isMore]).toEqual([1, true]);
    });

    test("a result is stored, unless the delivery was replayed meanwhile", async () => {
      const { endpoint, delivery } = await withDelivery();
      const result = { ...SENT, state: "delivered", tries: 1, nextMs: null } as const;
      await webhooks().lease(delivery, NOW_MS + 1);
      expect(await webhooks().replay(delivery, NOW_MS + 5)).toBe(true);
      await webhooks().settle(delivery, NOW_MS + 1, result);
      expect(await deliveriesOf(endpoint)).toMatchObject([{ state: "pending", nextMs: NOW_MS + 5 }]);
      await webhooks().settle(delivery, NOW_MS + 5, result);
      expect(await deliveriesOf(endpoint)).toEqual([{ ...delivery, ...result }]);
      expect(await webhooks().replay({ ...delivery, eventId: "evt-none" }, NOW_MS)).toBe(false);
    });

    test("deliveries are listed in pages, woken while they wait, and replayed since an event", async () => {
      const endpoint = await create(await newOwner());
      const ids = times(3, (n) => `evt-${n}-${randomUUID()}`);
      for (const id of ids) await happen(endpoint.ownerId, { id });
      await fanOutAll();
      const first = await webhooks().deliveries(endpoint.ownerId, endpoint.id, { limit: 2 });
      expect(first.map(({ eventId }) => eventId)).toEqual([ids[2], ids[1]]);
      const next = await webhooks().deliveries(endpoint.ownerId, endpoint.id, { limit: 2, before: ids[1] });
      expect(next.map(({ eventId }) => eventId)).toEqual([ids[0]]);
      for (const delivery of first) {
        await webhooks().lease(delivery, NOW_MS + 1);
        await webhooks().settle(delivery, NOW_MS + 1, { ...SENT, state: "delivered", tries: 1, nextMs: null });
      }
      await webhooks().wake(endpoint, NOW_MS + 9);
      const waiting = (await deliveriesOf(endpoint)).map(({ nextMs }) => nextMs);
      expect(waiting).toEqual([null, null, NOW_MS + 9]);
      const replay = (from: string | undefined, most: number) =>
        webhooks().replaySince(endpoint, from ?? "", { nowMs: NOW_MS + 10, most });
      expect(await replay(ids[0], 1)).toEqual({ replayed: 1, next: ids[1] });
      expect(await replay(ids[1], 2)).toEqual({ replayed: 2, next: undefined });
      const tens = [NOW_MS + 10, NOW_MS + 10, NOW_MS + 10];
      expect((await deliveriesOf(endpoint)).map(({ nextMs }) => nextMs)).toEqual(tens);
    });
  });
}
