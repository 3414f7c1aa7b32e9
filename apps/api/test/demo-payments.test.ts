import { aboveDatabaseKinds, callRest, describeOn, runApi, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTopUpServer, type TopUpServer } from "./top-up-server.ts";

const secret = "a-secret-of-at-least-thirty-two-bytes";

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`the payment channel demo on ${kind}`, () => {
    let at: TopUpServer;
    beforeAll(async () => {
      at = await startTopUpServer(kind, { PAY_DEMO: "on" });
    });
    afterAll(() => at.stop());

    const ordered = async (method = "page") => {
      const { body } = await at.api.post("/orders", { packId: "p100", channel: "demo", method });
      expect(body).toMatchObject({ state: "open", channel: "demo", amount: { text: "9.90" } });
      return body as { orderId: string; pay: { kind: string; text: string } };
    };
    const open = (url: string, language = "en") => fetch(url, { headers: { "accept-language": language } });
    const click = async (url: string, act: string) => {
      const response = await fetch(url, { method: "POST", body: new URLSearchParams({ act }), redirect: "follow" });
      expect(response.status).toBe(200);
      return response.text();
    };
    const balance = async () => (await at.api.get("/credits/balance")).body.balance as number;

    test("an order is paid by a click on its page, which credits the pack at once and only once", async () => {
      const before = await balance();
      const { orderId, pay } = await ordered();
      expect(pay).toEqual({ kind: "redirect", text: `${at.api.server.api.url}/payments/demo/pay/${orderId}` });
      const page = await open(pay.text);
      const text = await page.text();
      expect(text).toContain("9.90 <small>CNY</small>");
      expect(text).toContain(`/payments/demo/return/${orderId}`);
      expect(page.headers.get("content-security-policy")).toMatch(
        /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(await (await open(pay.text, "zh-CN")).text()).toContain("待付款");
      expect(await click(pay.text, "pay")).toContain("已付款");
      expect(await at.find(orderId)).toMatchObject({ state: "credited", needsHelp: false });
      // A page that was open before shows what is true now.
      await click(pay.text, "pay");
      expect(await balance()).toBe(before + 110);
    });

    test("less than the price is not credited, and the second of two payments waits for staff", async () => {
      const before = await balance();
      const [less, twice] = [await ordered("qr"), await ordered()];
      expect(less.pay.kind).toBe("qr");
      await click(less.pay.text, "pay-less");
      expect(await at.find(less.orderId)).toMatchObject({ state: "open", needsHelp: true });
      await click(twice.pay.text, "pay-twice");
      expect(await at.find(twice.orderId)).toMatchObject({ state: "credited", needsHelp: true });
      expect(await balance()).toBe(before + 110);
    });

    test("an order that is closed on the page, or cancelled by its user, cannot be paid", async () => {
      const [closed, cancelled] = [await ordered(), await ordered()];
      await click(closed.pay.text, "close");
      expect(await at.find(closed.orderId)).toMatchObject({ state: "closed", pay: null });
      expect((await at.api.post(`/orders/${cancelled.orderId}/cancel`, {})).body).toMatchObject({ state: "closed" });
      expect(await click(cancelled.pay.text, "pay")).toContain("已关闭");
      expect(await at.find(cancelled.orderId)).toMatchObject({ state: "closed" });
    });

    test("a refund on the page is one at the provider: the credits are taken back", async () => {
      const before = await balance();
      const { orderId, pay } = await ordered();
      await click(pay.text, "pay");
      expect(await balance()).toBe(before + 110);
      expect(await click(pay.text, "refund")).toContain("已退款");
      expect(await at.find(orderId)).toMatchObject({ refunded: { text: "9.90" } });
      expect(await balance()).toBe(before);
    });

    test("the catalogue says through which channels each pack is sold, and for how much", async () => {
      const { packs } = (await at.api.get("/catalogue")).body;
      const waysOf = (id: string) => packs.find((pack: { id: string }) => pack.id === id).ways;
      const price = { currency: "CNY", minor: 990, text: "9.90" };
      expect(waysOf("p100")).toEqual([
        { channel: "epay", methods: ["alipay", "wxpay"], prices: [price] },
        { channel: "demo", methods: ["page", "qr"], prices: [price] },
      ]);
      expect(waysOf("usd")).toMatchObject([{ channel: "demo", prices: [{ currency: "USD" }] }]);
    });

    test.each(["GET", "POST"])(
      "%s of the page of an order that does not exist is answered with 404",
      async (method) => {
        const url = at.api.server.api.url;
        expect((await callRest(url, method, "/payments/demo/pay/none")).status).toBe(404);
        expect((await callRest(url, method, "/payments/demo/notify")).status).toBe(400);
      },
    );
  });
}

describe("the start with PAY_DEMO=on", () => {
  test("a start in production is refused, and the message says why", async () => {
    const { exitCode, stderr } = await runApi({
      env: { NODE_ENV: "production", JWT_SECRET: secret, PAY_DEMO: "on" },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("PAY_DEMO must be off with NODE_ENV=production");
  });

  test("a start beside a channel that takes real money is refused", async () => {
    const epay = { EPAY_URL: "https://pay.example.com", EPAY_PID: "1001", EPAY_KEY: "a-long-enough-key" };
    const { exitCode, stderr } = await runApi({ env: { ...epay, PAY_DEMO: "on" } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("the channels demo take test money and epay real money");
  });

  test("a start in production with a channel of test money is refused, unless PAY_TEST says that it is a staging server", async () => {
    const stripe = { STRIPE_SECRET_KEY: "sk_test_abc", STRIPE_WEBHOOK_SECRET: "whsec_a" };
    const env = { ...stripe, NODE_ENV: "production", JWT_SECRET: secret };
    const { exitCode, stderr } = await runApi({ env });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("the channels stripe take test money, and NODE_ENV is production");
    const staging = await startApi({ env: { ...env, PAY_TEST: "on" } });
    await staging.stop();
  });

  test("a start without a catalogue says which command publishes one, and the page is there only with PAY_DEMO", async () => {
    await using api = await startApi({ env: { PAY_DEMO: "on" } });
    await expect.poll(() => api.output()).toContain("npm run jifen -- catalogue init");
    await using without = await startApi();
    expect((await callRest(without.url, "GET", "/payments/demo/notify")).status).toBe(404);
    expect(without.output()).not.toContain("PAY_DEMO");
  });
});
