import { randomUUID } from "node:crypto";
import { accountOf, ok, refuse } from "@jifen/core";
import type { DatabaseKind } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase, outgoingEventRow } from "../src/index.ts";
import { granting, perform } from "./commands.ts";
import { newEvent, newUserId, times } from "./samples.ts";
import { useDatabase } from "./use-database.ts";
import { describeDeliveries } from "./webhook-deliveries-suite.ts";
import { NOW_MS, webhookRows } from "./webhook-rows.ts";

const SENT = { lastStatus: 200, lastError: null, lastAtMs: NOW_MS } as const;

/** Endpoints, outgoing events and their deliveries, the same on every database. */
export function describeWebhooks(kind: DatabaseKind): void {
  const here = useDatabase(kind);
  let other: Database;
  beforeAll(async () => {
    other = await openDatabase(here.secondUrl);
  });
  afterAll(() => other?.close());
  const webhooks = () => here.database.webhooks;

  const rows = webhookRows(here);
  const { newOwner, create, happen, fanOutAll, deliveriesOf } = rows;

  describe("a webhook endpoint", () => {
    test("an endpoint is stored, and listed by its owner, newest first", async () => {
      const owner = await newOwner();
      const first = await create(owner, { id: "endpoint-1" });
      const second = await create(owner, { id: "endpoint-2", events: ["a", "b"], allUsers: true });
      const untouched = {
        previousSecret: null,
        previousUntilMs: null,
        state: "active",
        reason: null,
        failures: 0,
        failingSinceMs: null,
        nextProbeMs: null,
      };
      expect(await webhooks().find(owner, first.id)).toEqual({ ...first, ...untouched });
      expect(await webhooks().endpoints(owner)).toEqual([second, first].map((each) => ({ ...each, ...untouched })));
      expect(await webhooks().find(newUserId(), first.id)).toBeUndefined();
    });

    test("an owner has at most as many as allowed, also when they are created concurrently, and ended ones do not count", async () => {
      const owner = await newOwner();
      const one = await create(owner);
      const make = (on: Database) => {
        const id = `endpoint-${randomUUID()}`;
        return on.webhooks.create({ ...one, id }, 3, newEvent({ subject: `endpoint:${id}` }));
      };
      const outcomes = await Promise.all(times(6, (n) => make(n % 2 === 0 ? other : here.database)));
      expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(2);
      expect(outcomes.find((outcome) => !outcome.ok)).toEqual(refuse({ code: "ENDPOINT_LIMIT", limit: 3 }));
      expect(await webhooks().end(owner, one.id, newEvent())).toBe(true);
      expect(await webhooks().end(owner, one.id, newEvent())).toBe(false);
      expect(await make(here.database)).toEqual(ok(undefined));
      const missing = { ...one, ownerId: newUserId() };
      expect(await webhooks().create(missing, 3, newEvent())).toEqual(refuse({ code: "USER_NOT_FOUND" }));
    });

    test("an endpoint is found by its id alone, and listed among those of all owners", async () => {
      const { ownerId, id } = await create(await newOwner());
      expect(await webhooks().findById(id)).toEqual(await webhooks().find(ownerId, id));
      expect(await webhooks().findById("endpoint-missing")).toBeUndefined();
      expect((await webhooks().allEndpoints()).filter((each) => each.id === id)).toHaveLength(1);
    });

    test("of two concurrent rotations one counts, and the former secret is kept", async () => {
      const { ownerId, id } = await create(await newOwner());
      const endpoint = await webhooks().find(ownerId, id);
      if (!endpoint) throw new Error("no endpoint");
      expect(await webhooks().rotate(endpoint, { secret: "whsec_b", previousUntilMs: 5 }, newEvent())).toBe(true);
      expect(await webhooks().rotate(endpoint, { secret: "whsec_c", previousUntilMs: 6 }, newEvent())).toBe(false);
      expect(await webhooks().find(ownerId, id)).toMatchObject({
        secret: "whsec_b",
        previousSecret: "whsec_a",
        previousUntilMs: 5,
      });
    });

    test("failures are counted in a row, kept by a pause, and start again when the endpoint is active", async () => {
      const endpoint = await create(await newOwner());
      const counted = async (atMs: number) => {
        const { failures, failingSinceMs } = (await webhooks().countFailure(endpoint, atMs)) ?? {};
        return [failures, failingSinceMs];
      };
      expect([await counted(5), await counted(7)]).toEqual([
        [1, 5],
        [2, 5],
      ]);
      await webhooks().clearFailures(endpoint);
      expect(await counted(9)).toEqual([1, 9]);
      expect(await webhooks().countFailure({ ...endpoint, id: "endpoint-none" }, 9)).toBeUndefined();
      const pause = { from: "active", to: "paused", reason: "it failed", nextProbeMs: 20 } as const;
      expect([await webhooks().setState(endpoint, pause), await webhooks().setState(endpoint, pause)]).toEqual([
        true,
        false,
      ]);
      const found = () => webhooks().find(endpoint.ownerId, endpoint.id);
      const failing = { failures: 1, failingSinceMs: 9, nextProbeMs: 20 };
      expect(await found()).toMatchObject({ state: "paused", reason: "it failed", ...failing });
      await webhooks().setState(endpoint, { from: "paused", to: "active", reason: null });
      const well = { failures: 0, failingSinceMs: null, nextProbeMs: null };
      expect(await found()).toMatchObject({ state: "active", reason: null, ...well });
    });

    test("of several processes that take the probe of a paused endpoint, one gets it", async () => {
      const { ownerId, id } = await create(await newOwner());
      const found = async () => {
        const endpoint = await webhooks().find(ownerId, id);
        if (!endpoint) throw new Error("no endpoint");
        return endpoint;
      };
      expect(await webhooks().takeProbe(await found(), 30)).toBe(false);
      // Without the time of a probe: paused by a former version.
      await webhooks().setState({ ownerId, id }, { from: "active", to: "paused", reason: null });
      const paused = await found();
      const taken = await Promise.all(
        times(6, (n) => (n % 2 === 0 ? other : here.database).webhooks.takeProbe(paused, 30 + n)),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await webhooks().takeProbe(await found(), 99)).toBe(true);
      expect(await found()).toMatchObject({ state: "paused", nextProbeMs: 99 });
    });
  });

  test("old deliveries that are final are removed, and old events later, and nothing that waits", async () => {
    const endpoint = await create(await newOwner());
    const ids = ["evt-1", "evt-2", "evt-3", "evt-9"];
    for (const [n, id] of ids.entries()) await happen(endpoint.ownerId, { id, createdAtMs: NOW_MS - 100 + n });
    await fanOutAll();
    for (const delivery of await deliveriesOf(endpoint)) {
      if (delivery.eventId === "evt-2") continue;
      expect(await webhooks().lease(delivery, NOW_MS + 5)).toBe(true);
      await webhooks().settle(delivery, NOW_MS + 5, { ...SENT, state: "delivered", tries: 1, nextMs: null });
    }
    const waiting = await happen(endpoint.ownerId, { createdAtMs: NOW_MS - 200 });
    const left = async () => (await deliveriesOf(endpoint)).map(({ eventId }) => eventId);
    const events = async () =>
      (await Promise.all([...ids, waiting.id].map((id) => webhooks().event(endpoint.ownerId, id)))).flatMap(
        (event) => event?.id ?? [],
      );
    await webhooks().removeOld({ eventId: "evt-4", eventsBeforeMs: NOW_MS - 1_000 });
    expect(await left()).toEqual(["evt-9", "evt-2"]);
    expect(await events()).toEqual([...ids, waiting.id]);
    await webhooks().removeOld({ eventId: "evt-4", eventsBeforeMs: NOW_MS - 98 });
    expect(await left()).toEqual(["evt-9", "evt-2"]);
    expect(await events()).toEqual(["evt-3", "evt-9", waiting.id]);
  });

  test("an endpoint that has ended is listed no more, and is removed when it has no deliveries any more", async () => {
    const owner = await newOwner();
    const [sent, active] = [await create(owner), await create(owner)];
    const event = await happen(owner);
    await fanOutAll();
    const empty = await create(owner);
    for (const { id } of [empty, sent]) expect(await webhooks().end(owner, id, newEvent())).toBe(true);
    expect((await webhooks().endpoints(owner)).map(({ id }) => id)).toEqual([active.id]);
    const everyId = (await webhooks().allEndpoints()).map(({ id }) => id);
    for (const { id } of [empty, sent]) expect(everyId).not.toContain(id);
    const left = async () => {
      const ids = [empty, sent, active].map(async ({ id }) => ((await webhooks().find(owner, id)) ? [id] : []));
      return (await Promise.all(ids)).flat();
    };
    await webhooks().removeOld({ eventId: "evt-0", eventsBeforeMs: 0 });
    expect(await left()).toEqual([sent.id, active.id]);
    await webhooks().forget({ ownerId: owner, endpointId: sent.id, eventId: event.id });
    await webhooks().removeOld({ eventId: "evt-0", eventsBeforeMs: 0 });
    expect(await left()).toEqual([active.id]);
    expect(await deliveriesOf(active)).toHaveLength(1);
  });

  describe("an outgoing event", () => {
    test("an event that is written in the transaction of a change exists if and only if the change does", async () => {
      const user = newUserId();
      const event = await happen(user);
      expect(await webhooks().event(user, event.id)).toMatchObject(event);
      const extra = () => ({
        rows: [outgoingEventRow({ ...event, id: `evt-${randomUUID()}` }), outgoingEventRow(event)],
      });
      await expect(perform(here.database.ledger, { ...granting(accountOf(user), 1), extra })).rejects.toMatchObject({
        reason: "ROW_EXISTS",
      });
      expect(await here.rows.find("outgoing_events", { user_id: user })).toHaveLength(1);
    });

    test("an event gets one delivery for each endpoint that wants it, also when two processes create them", async () => {
      await fanOutAll();
      const [owner, stranger] = [await newOwner(), await newOwner()];
      const [own, all] = [await create(owner), await create(stranger, { allUsers: true })];
      const [wrongType, ofStranger, ended] = [
        await create(owner, { events: ["other.type"] }),
        await create(stranger),
        await create(owner),
      ];
      await webhooks().end(owner, ended.id, newEvent());
      const event = await happen(owner);
      await Promise.all([webhooks().fanOut(NOW_MS, 100), other.webhooks.fanOut(NOW_MS, 100)]);
      await fanOutAll();
      for (const endpoint of [own, all]) {
        expect(await deliveriesOf(endpoint)).toMatchObject([
          { eventId: event.id, userId: owner, state: "pending", tries: 0, nextMs: NOW_MS, lastStatus: null },
        ]);
      }
      for (const endpoint of [wrongType, ofStranger, ended]) expect(await deliveriesOf(endpoint)).toEqual([]);
      await webhooks().end(stranger, all.id, newEvent());
    });
  });

  describeDeliveries(here, rows, () => other);
}
