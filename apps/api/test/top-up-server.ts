import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@jifen/database";
import type { DatabaseKind, RestAnswer } from "@jifen/testkit";
import { type FakeGateway, startEpay } from "@jifen/testkit/gateways";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect } from "vitest";
import { type ApiWithAdmin, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";

const title = (text: string) => ({ zh: `${text} 积分`, en: `${text} credits` });
const terms = { validDays: null, bonusValidDays: 90, priority: 50, refund: "unused" };

/** The packs that are sold in these tests. */
const packs = [
  {
    id: "p100",
    title: title("100"),
    credits: 100,
    bonusCredits: 10,
    prices: [{ currency: "CNY", minor: 990 }],
    ...terms,
  },
  { id: "p7", title: title("7"), credits: 7, bonusCredits: 0, prices: [{ currency: "CNY", minor: 70 }], ...terms },
  {
    ...{ id: "once", title: title("5"), credits: 5, bonusCredits: 0, limitPerUser: 1, ...terms },
    prices: [{ currency: "CNY", minor: 100 }],
  },
  {
    ...{ id: "final", title: title("10"), credits: 10, bonusCredits: 0, ...terms, refund: "never" },
    prices: [{ currency: "CNY", minor: 100 }],
  },
  { id: "usd", title: title("9"), credits: 9, bonusCredits: 0, prices: [{ currency: "USD", minor: 149 }], ...terms },
  {
    ...{ id: "vip", title: title("99"), credits: 99, bonusCredits: 0, groups: ["vip"], ...terms },
    prices: [{ currency: "CNY", minor: 100 }],
  },
];

/** Publishes a catalogue that is in force. */
async function publishPacks(databaseUrl: string): Promise<void> {
  const database = await openDatabase(databaseUrl, { migrate: false });
  const event = (id: string) => ({
    ...{ id: `event-${id}-${Math.random()}`, atMs: 1, actor: "operator", action: "catalogues.publish" },
    ...{ subject: "catalogue:1", reason: null, details: null, requestId: null },
  });
  const document = JSON.stringify({ actions: [], multipliers: [], packs });
  const made = { document, note: null, madeBy: "operator", madeAtMs: 1 };
  const { version } = await database.catalogues.create(made, () => event("create"));
  const publication = { version, effectiveFromMs: 2, by: "operator", nowMs: 1 };
  expect(await database.catalogues.publish(publication, event("publish"))).toMatchObject({ ok: true });
  await database.close();
}

/** A server that sells packs through a fake of epay. */
export type TopUpServer = {
  readonly api: ApiWithAdmin;
  readonly fake: FakeGateway;
  /** The settings of the server. */
  readonly env: Readonly<Record<string, string>>;
  /** Orders a pack, and opens its page at the gateway as a browser does. @returns the order */
  order(packId?: string, input?: object): Promise<RestAnswer["body"]>;
  /** An order as its user sees it. */
  find(orderId: string): Promise<RestAnswer["body"]>;
  stop(): Promise<void>;
};

/** Opens the address at which an order is paid: the gateway knows the order then. */
export async function openPage({
  pay,
}: {
  readonly pay: { readonly kind: string; readonly text: string };
}): Promise<void> {
  const answer = await fetch(pay.text, { redirect: "follow" });
  expect(answer.status).toBe(200);
  await answer.text();
}

/** Starts the server, the fake, of epay if no other is named, and the catalogue. */
export async function startTopUpServer(
  kind: DatabaseKind,
  env: Record<string, string> = {},
  startFake: () => Promise<FakeGateway> = startEpay,
): Promise<TopUpServer> {
  const fake = await startFake();
  const settings = { RATE_LIMIT_ORDERS: "off", ...fake.settings, ...env };
  const api = await startApiWithAdmin(kind, settings);
  await publishPacks(api.server.database.url);
  const find: TopUpServer["find"] = async (orderId) => (await api.get(`/orders/${orderId}`)).body;
  return {
    ...{ api, fake, env: settings, find },
    order: async (packId = "p100", input = {}) => {
      const { status, body } = await api.post("/orders", { packId, channel: "epay", ...input }, { key: newKey() });
      expect({ status, body }).toMatchObject({ status: 200, body: { state: "open" } });
      await openPage(body);
      return body;
    },
    stop: async () => {
      await api.server.stop();
      await fake[Symbol.asyncDispose]();
    },
  };
}

/** Repeats `work` until it succeeds. @throws its error when it fails for this time */
export async function within(ms: number, work: () => Promise<unknown>): Promise<void> {
  for (const endsAt = Date.now() + ms; ; await sleep(200)) {
    try {
      return void (await work());
    } catch (error) {
      if (Date.now() > endsAt) throw error;
    }
  }
}

/** How long the schedule can take to find a payment that no notice brought, on a busy machine. */
export const SCHEDULE_MS = timeLimit(40);
