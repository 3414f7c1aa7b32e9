import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changeDatabase } from "./change-database.ts";
import { jifenWith } from "./jifen-command.ts";
import { admin, newKey } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";
import { openPage, SCHEDULE_MS, startTopUpServer, type TopUpServer, within } from "./top-up-server.ts";
import { type Receiver, startReceiver } from "./webhook-receiver.ts";

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`commands about payments and webhooks on ${kind}`, { timeout: timeLimit(120) }, () => {
    let at: TopUpServer;
    let receiver: Receiver;
    let expected = 100;
    beforeAll(async () => {
      receiver = await startReceiver();
      at = await startTopUpServer(kind, {
        WEBHOOK_ALLOW: "127.0.0.1",
        ADMIN_EMAILS: `${admin.email},${other.email}`,
      });
    });
    afterAll(async () => {
      await at.stop();
      await receiver.close();
    });

    const url = () => at.api.server.database.url;
    const jifen = (...words: string[]) => jifenWith({ DATABASE_URL: url(), LANG: "C", ...at.fake.settings }, ...words);
    const asJson = async (...words: string[]) => {
      const { exitCode, stdout, stderr } = await jifen(...words, "--json");
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      return JSON.parse(stdout);
    };
    const balance = async () => (await at.api.balance()).balance;
    const underpaid = async () => {
      const { orderId } = await at.order("p7");
      at.fake.act(orderId, "pay-less");
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ needsHelp: true }));
      return orderId;
    };

    test("jifen payments shows what needs a decision, and accepts and dismisses it", async () => {
      const orders = [await underpaid(), await underpaid()];
      const { items } = await asJson("payments", "reviews");
      expect(items.map(({ orderId }: { orderId: string }) => orderId)).toEqual(orders);
      expect((await jifen("payments", "reviews")).stdout).toMatch(/payment {2}pay-\w+ .*0\.69 CNY.*expected 0\.70 CNY/);
      const listed = await asJson("payments", "list", "--user", user.email, "--channel", "epay");
      expect(listed.items).toMatchObject(orders.toReversed().map((orderId) => ({ orderId, needsHelp: true })));
      const [first, second] = items.map(({ paymentId }: { paymentId: string }) => paymentId);
      const reason = ["--reason", "a cent"];
      expect(await asJson("payments", "accept", first, ...reason)).toMatchObject({ state: "credited" });
      expect(await asJson("payments", "dismiss", second, ...reason)).toMatchObject({ state: "dismissed" });
      expect(await jifen("payments", "accept", second, ...reason)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("NOT_IN_REVIEW"),
      });
      expected += 7;
      expect(await balance()).toBe(expected);
      expect(await asJson("payments", "reviews")).toEqual({ items: [] });
      const shown = await jifen("payments", "show", first);
      expect(shown.stdout).toMatch(/accepted by staff \(staff\)[\s\S]*credits granted[\s\S]*credited/);
      expect(await asJson("payments", "show", `${orders[0]}`)).toMatchObject({ orderId: orders[0], state: "credited" });
      const { body } = await at.api.get("/admin/audit?action=payments.accept", "admin");
      expect(body.items).toMatchObject([{ actor: "operator", reason: "a cent", details: { paymentId: first } }]);
    });

    test("jifen payments refund takes the credits once per key, and leaves the money to the operator where the channel cannot return it", async () => {
      const { orderId } = await at.order("p7");
      at.fake.act(orderId, "pay");
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ state: "credited" }));
      const { payments } = await asJson("payments", "show", orderId);
      const words = ["payments", "refund", payments[0].paymentId, "--reason", "a mistake"];
      expect(await jifen(...words)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("CHANNEL_CANNOT_REFUND"),
      });
      const refund = await asJson(...words, "--by-hand", "--key", "once");
      expect(refund).toMatchObject({ state: "stuck", takenCredits: 7, amount: { text: "0.70" }, by: "operator" });
      expect((await asJson(...words, "--by-hand", "--key", "once")).reversalId).toBe(refund.reversalId);
      expect(await balance()).toBe(expected);
    });

    test("jifen payments check asks the provider, and reconcile asks about all orders since a time", async () => {
      at.fake.turn({ lose: 1 });
      const since = new Date().toISOString();
      const [one, other, open] = [await at.order("p7"), await at.order("p7"), await at.order("p7")];
      at.fake.act(one.orderId, "pay");
      expect(await asJson("payments", "check", one.orderId)).toMatchObject({ state: "credited" });
      at.fake.act(other.orderId, "pay");
      const result = await asJson("payments", "reconcile", "--since", since);
      expect(result).toMatchObject({ orders: 3, unavailable: 0 });
      expect(await at.find(other.orderId)).toMatchObject({ state: "credited" });
      expect(await at.find(open.orderId)).toMatchObject({ state: "open" });
      at.fake.turn({ lose: 0 });
      expected += 14;
      expect(await balance()).toBe(expected);
    });

    test("jifen webhooks lists endpoints and deliveries, and sends them again", async () => {
      // Events of the other user are those of this test alone.
      const wanted = { url: receiver.url, events: ["order.credited"] };
      const created = await at.api.post("/webhooks/endpoints", wanted, { as: "other" });
      const { endpointId } = created.body.endpoint;
      const bought = { packId: "p7", channel: "epay" };
      const { body: order } = await at.api.post("/orders", bought, { as: "other", key: newKey() });
      await openPage(order);
      at.fake.act(order.orderId, "pay");
      await receiver.waitFor(1);
      expect((await asJson("webhooks", "list", "--user", other.email)).items).toMatchObject([
        { endpointId, ownerId: other.email, state: "active" },
      ]);
      expect((await jifen("webhooks", "list")).stdout).toContain(endpointId);
      const deliveries = async () => (await asJson("webhooks", "deliveries", endpointId)).items;
      await within(SCHEDULE_MS, async () =>
        expect(await deliveries()).toMatchObject([{ state: "delivered", tries: 1 }]),
      );
      const items = await deliveries();
      expect(await asJson("webhooks", "replay", items[0].deliveryId)).toEqual({ replayed: 1 });
      await receiver.waitFor(2);
      expect(await asJson("webhooks", "replay", endpointId, "--since", "2026-01-01T00:00:00Z")).toEqual({
        replayed: 1,
      });
      await receiver.waitFor(3);
      expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
      expect(await jifen("webhooks", "replay", `${endpointId}-evt-1`)).toMatchObject({ exitCode: 1 });
      // As a former version stored it.
      const url = "https://example.com/\u001b[2J\u009b31m\u007f";
      await changeDatabase(at.api.server.database, {
        sql: `UPDATE webhook_endpoints SET url = '${url}' WHERE id = '${endpointId}'`,
        mongodb: (db) => db.collection("webhook_endpoints").updateMany({ id: endpointId }, { $set: { url } }),
      });
      expect((await jifen("webhooks", "list")).stdout).toContain("https://example.com/\ufffd[2J\ufffd31m\ufffd\n");
      const { stdout } = await jifen("webhooks", "list", "--json");
      expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
      expect(JSON.parse(stdout).items).toMatchObject([{ url }]);
      expect(await asJson("webhooks", "end", endpointId)).toEqual({ endpointId });
      expect((await asJson("webhooks", "list")).items).toEqual([]);
      expect(await jifen("webhooks", "end", endpointId)).toMatchObject({ exitCode: 1 });
    });

    test("jifen doctor examines each channel, and says what waits", async () => {
      const doctor = async (env: Record<string, string>) => {
        const { stdout } = await jifenWith({ DATABASE_URL: url(), ...at.fake.settings, ...env }, "doctor", "--json");
        const { findings } = JSON.parse(stdout);
        return new Map<string, { state: string; message: string }>(
          findings.map((finding: { about: string }) => [finding.about, finding]),
        );
      };
      await underpaid();
      const good = await doctor({});
      expect(good.get("epay keys")).toMatchObject({ state: "ok" });
      expect(good.get("epay notices")).toMatchObject({ message: expect.stringContaining("last good one 20") });
      expect(good.get("reviews")).toMatchObject({ state: "warning", message: expect.stringContaining("payment 1") });
      await at.order("p7");
      const wrong = await doctor({ EPAY_KEY: "a-wrong-key-a-wrong-key", EPAY_PID: "1002" });
      expect(wrong.get("payments")).toMatchObject({ state: "warning" });
      expect(wrong.get("epay keys")).toMatchObject({ state: "error" });
      expect(wrong.get("epay merchant")).toMatchObject({ state: "warning", message: expect.stringContaining(":1001") });
    });
  });
}
