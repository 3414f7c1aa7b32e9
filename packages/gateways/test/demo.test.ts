import { type Database, openDatabase } from "@jifen/database";
import { freshDatabase } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actOnDemoTrade } from "../src/demo/change-trade.ts";
import { openDemo } from "../src/demo/open-demo.ts";
import { demoActs, toDemoTrade } from "../src/demo/trade.ts";
import { describeOrders } from "./suite/orders.ts";
import { describeRefunds } from "./suite/refunds.ts";
import { newRequest, type OrderScene, openOrder, orderOf, successOf } from "./walk.ts";

/** The channel whose provider is a table: what the port promises, with clicks on its page as the acts of a person. */
describe("the gateway demo", () => {
  let scene: OrderScene;
  let database: Database;
  let nowMs: () => number = Date.now;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const fresh = await freshDatabase("sqlite");
    drop = fresh.drop;
    database = await openDatabase(fresh.url);
    const { demoTrades } = database;
    const click = async (id: string, name: string) => {
      const act = demoActs.find((each) => each === name);
      if (!act) throw new Error(`the page has no ${name}`);
      successOf(await actOnDemoTrade(demoTrades, { id, act, nowMs: nowMs() }));
    };
    const find = async (id: string) => {
      const row = await demoTrades.find(id);
      return row && { ...toDemoTrade(row), content: { amountMinor: row.amountMinor } };
    };
    scene = {
      gateway: openDemo(demoTrades, { now: () => nowMs() }),
      fake: { acts: demoActs, act: click, books: { find } },
      // The suite adds the number to the address of notices.
      receiver: { url: "http://127.0.0.1:3001/payments/demo" },
      open: async ({ text }) => expect(text).toMatch(/^http:\/\/127\.0\.0\.1:3001\/payments\/demo\/pay\/[0-9a-f]{32}$/),
    };
  });
  afterAll(async () => {
    await database?.close();
    await drop?.();
  });

  const stage = { scene: () => scene, title: "demo", asksOnCreate: true };
  describeOrders(stage);
  describeRefunds(stage);

  test("demo makes a page of one method and a QR code of the other", async () => {
    const kinds = [];
    for (const method of ["page", "qr"]) {
      const { kind } = successOf(await scene.gateway.create({ ...newRequest(scene), method }));
      kinds.push(kind);
    }
    expect(kinds).toEqual(["redirect", "qr"]);
  });

  test("demo shows both transactions of an order that was paid twice, and a refund that was made on its page", async () => {
    const order = await openOrder(scene);
    await scene.fake.act(order.orderId, "pay-twice");
    await scene.fake.act(order.orderId, "refund");
    const { facts, reversals } = successOf(await scene.gateway.find(order));
    expect(new Set(facts.map(({ txnId }) => txnId)).size).toBe(2);
    expect(reversals).toMatchObject(
      facts.map(({ txnId, amount }) => ({ kind: "refund", reversalId: null, txnId, amount, state: "done" })),
    );
    await expect(async () => scene.fake.act(order.orderId, "refund")).rejects.toThrow("NOT_POSSIBLE");
  });

  test("demo pays an order once when its page is clicked in eight browsers", async () => {
    const order = await openOrder(scene);
    const clicks = Array.from({ length: 8 }, async () => scene.fake.act(order.orderId, "pay"));
    const results = await Promise.allSettled(clicks);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(successOf(await scene.gateway.find(order)).facts).toHaveLength(1);
  });

  test("demo closes an order by its page, and by its time", async () => {
    const [clicked, late] = [await openOrder(scene), await openOrder(scene)];
    await scene.fake.act(clicked.orderId, "close");
    expect(successOf(await scene.gateway.find(clicked)).state).toBe("closed");
    nowMs = () => late.expiresAtMs;
    expect(successOf(await scene.gateway.find(late)).state).toBe("closed");
    await expect(async () => scene.fake.act(late.orderId, "pay")).rejects.toThrow("NOT_POSSIBLE");
    nowMs = Date.now;
  });

  test("demo takes no notice from anyone, and acknowledges none", () => {
    const raw = { method: "POST", headers: {}, query: "", body: Buffer.from('{"orderId":"1"}') } as const;
    expect(scene.gateway.readNotice(raw, Date.now())).toMatchObject({ ok: false, refusal: { code: "FORGED" } });
    expect(scene.gateway.answer("forged").status).toBe(400);
  });

  test("demo is examined without a finding, and takes no real money", async () => {
    expect(await scene.gateway.examine(Date.now())).toMatchObject([{ check: "keys", isGood: true }]);
    expect(scene.gateway.live).toBe(false);
    const order = orderOf(newRequest(scene));
    expect(successOf(await scene.gateway.close(order))).toMatchObject({ state: "absent" });
  });
});
