import { accessibilityViolations, describeInBrowser, layoutFlaws } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readQrCode } from "./qr-reader.ts";
import { startTopUpSite, type TopUpSite } from "./top-up-site.ts";

describeInBrowser("buying credits in a mobile browser", (getBrowser) => {
  let at: TopUpSite;
  let page: Page;
  const refusedByPolicy: string[] = [];

  beforeAll(async () => {
    at = await startTopUpSite();
    page = await getBrowser().newPage({ locale: "zh-CN", viewport: { width: 390, height: 844 } });
    page.setDefaultTimeout(timeLimit(30));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) refusedByPolicy.push(message.text());
    });
    await page.goto(`${at.site.url}/login`);
    await page.getByLabel("邮箱").fill("user@example.com");
    await page.getByLabel("密码").fill("password123");
    await page.getByRole("button", { name: "登录" }).click();
    await page.waitForURL(`${at.site.url}/`);
  });
  afterAll(async () => {
    await at?.[Symbol.asyncDispose]();
  });

  const menu = (name: string) => page.getByRole("navigation").getByRole("link", { name }).click();
  const phase = (name: string) => page.locator(`[data-phase=${name}]`).waitFor();
  const balance = async () => (await at.get("user", "/credits/balance")).balance;
  const orderId = () => /\/orders\/([0-9a-f]{32})$/.exec(page.url())?.[1] ?? "";
  /** In both colour schemes: no violation, no shift, nothing wider than the screen. */
  const expectGoodPage = async () => {
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityViolations(page)).toEqual([]);
    }
    expect((await layoutFlaws(page)).overflow).toBeLessThanOrEqual(0);
  };
  const order = async (pack: string, way: string) => {
    await page.goto(`${at.site.url}/top-up`);
    await page.getByLabel(pack).check();
    await page.getByLabel(way, { exact: true }).check();
    await page.getByRole("button", { name: /^支付/ }).click();
  };

  test("the top-up page shows the packs with their prices in each way to pay", async () => {
    await menu("充值");
    await page.getByRole("heading", { name: "充值" }).waitFor();
    expect(await page.getByLabel(/100 积分/).isChecked()).toBe(true);
    expect(await page.getByRole("button", { name: /^支付/ }).textContent()).toBe("支付 ¥9.90");
    await page.getByLabel(/500 积分/).check();
    expect(await page.getByRole("button", { name: /^支付/ }).textContent()).toBe("支付 $6.99");
    await expectGoodPage();
  });

  test("a pack is paid by scanning its QR code, and the page turns to credited by itself", async () => {
    await order("100 积分", "微信支付");
    await phase("waiting");
    const code = page.getByRole("img", { name: "付款二维码" });
    const text = await readQrCode(code);
    const { pay } = await at.get("user", `/orders/${orderId()}`);
    expect(text).toBe(pay.text);
    await expectGoodPage();
    const phone = await getBrowser().newPage();
    await phone.goto(text);
    await phone.getByRole("button", { name: "付款 · Pay", exact: true }).click();
    await phone.close();
    await phase("credited");
    expect(await code.count()).toBe(0);
    expect(await balance()).toBe(210);
    await expectGoodPage();
  });

  test("a pack is paid on the page of Stripe, which leads back to the order", async () => {
    await order("500 积分", "银行卡（Stripe）");
    await page.waitForURL(`${at.stripe.url}/**`);
    await page.getByRole("button", { name: "付款 · Pay", exact: true }).click();
    await page.getByRole("link", { name: /Back to the merchant/ }).click();
    await page.waitForURL(`${at.site.url}/orders/*`);
    await phase("credited");
    expect(await balance()).toBe(710);
  });

  test("credits are spent at the quoted price: held, charged by what was used, and the rest returns", async () => {
    await menu("生成");
    await page.getByLabel("模型").selectOption("pro");
    await page.getByLabel("时长（秒）").fill("20");
    await page.getByRole("button", { name: "生成 · 52 积分" }).click();
    const result = page.getByRole("region", { name: "结果" });
    await result.getByText("668").waitFor();
    // 20 s were held, and 16 s were used: 2 + 16 × 2.5 = 42.
    expect(await result.locator("dd").allTextContents()).toEqual(["52", "时长（秒） 16", "42", "10", "668"]);
    expect(await balance()).toBe(668);
    await expectGoodPage();
  });

  test("the history shows the purchase with its order, the hold and the charge", async () => {
    await menu("明细");
    const entries = page.getByRole("main").getByRole("row");
    await entries.filter({ hasText: "结算 42" }).waitFor();
    await entries.filter({ hasText: "退回预扣" }).filter({ hasText: "+10" }).waitFor();
    await entries.filter({ hasText: "预扣" }).filter({ hasText: "−52" }).waitFor();
    await expectGoodPage();
    await entries.filter({ hasText: "+100" }).getByRole("link", { name: "订单" }).last().click();
    await phase("credited");
  });

  test("an order that is cancelled is closed, here and at the provider", async () => {
    await order("100 积分", "演示付款，扫码");
    await phase("waiting");
    const text = await readQrCode(page.getByRole("img", { name: "付款二维码" }));
    await page.getByRole("button", { name: "取消订单" }).click();
    await phase("closed");
    const provider = await getBrowser().newPage({ locale: "zh-CN" });
    await provider.goto(text);
    expect(await provider.getByRole("status").textContent()).toBe("已关闭");
    await provider.close();
    expect(await balance()).toBe(668);
  });

  test("an order that its provider cannot cancel says so, and stays payable", async () => {
    await order("100 积分", "微信支付");
    await phase("waiting");
    await page.getByRole("button", { name: "取消订单" }).click();
    await page.getByRole("alert").filter({ hasText: "不能提前取消" }).waitFor();
    await phase("waiting");
    at.epay.act(orderId(), "pay");
    await phase("credited");
    expect(await balance()).toBe(778);
  });

  test("a payment of another amount is explained without alarm, and credits nothing", async () => {
    await order("100 积分", "微信支付");
    await phase("waiting");
    at.epay.act(orderId(), "pay-less");
    await phase("help");
    await page.getByText("钱没有丢").waitFor();
    expect(await page.getByRole("img", { name: "付款二维码" }).count()).toBe(0);
    await expectGoodPage();
    expect(await balance()).toBe(778);
  });

  test("the list of orders has each state in words", async () => {
    await menu("订单");
    const states = async () =>
      page.getByRole("main").getByRole("listitem").locator("span.rounded-full").allTextContents();
    await page.getByRole("heading", { name: "我的订单" }).waitFor();
    expect(await states()).toEqual(["核对中", "已入账", "已关闭", "已入账", "已入账"]);
    await expectGoodPage();
  });

  test("a code is redeemed as it is typed, and a wrong one says what to check", async () => {
    const batch = { name: "Spring", credits: 50, codes: 1, reason: "test" };
    const [code = ""] = (await at.post("staff", "/admin/codes/batches", batch)).codes;
    await menu("充值");
    const field = page.getByRole("textbox", { name: "积分码" });
    await field.fill("K7WQ2-9XH4M-0BTRC-5E8NZ");
    await page.getByRole("button", { name: "兑换" }).click();
    await page.getByRole("alert").filter({ hasText: "请检查输入" }).waitFor();
    await field.fill(code.toLowerCase().replaceAll("-", " "));
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "已兑换 50 积分，余额 828 积分" }).waitFor();
    await page.getByRole("region", { name: "可用积分" }).getByText("828").waitFor();
    await expectGoodPage();
  });

  test("a refund by staff takes the credits back, and the order says so", async () => {
    const { items } = await at.get("user", "/orders");
    const { orderId: bought } = items.find(({ item }: { item: { id: string } }) => item.id === "p500");
    const { payments } = await at.get("staff", `/admin/orders/${bought}`);
    await at.post("staff", `/admin/payments/${payments[0].paymentId}/refunds`, { reason: "test" });
    await expect.poll(balance).toBe(328);
    await page.goto(`${at.site.url}/orders/${bought}`);
    await page.getByText("已退款").waitFor();
    expect(await page.getByRole("definition").allTextContents()).toContain("$6.99");
    await expectGoodPage();
  });

  test("a payment in the review list is credited when staff accepts it", async () => {
    const { items } = await at.get("staff", "/admin/reviews");
    const [{ paymentId, orderId: reviewed }] = items;
    await at.post("staff", `/admin/payments/${paymentId}/accept`, { reason: "test" });
    await page.goto(`${at.site.url}/orders/${reviewed}`);
    await phase("credited");
    await expect.poll(balance).toBe(438);
  });

  test("a generation whose answer is lost is charged once: pressing again after a reload shows its result", async () => {
    await page.goto(`${at.site.url}/generate`);
    const press = () => page.getByRole("button", { name: "生成 · 10 积分" }).click();
    await page.route("**/generate", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await press();
    await page.getByText("没有收到结果").waitFor();
    await page.unroute("**/generate");
    await expect.poll(balance).toBe(430);
    await page.reload();
    await press();
    const result = page.getByRole("region", { name: "结果" });
    await result.getByText("430").waitFor();
    expect(await result.locator("dd").allTextContents()).toEqual(["10", "时长（秒） 8", "8", "2", "430"]);
    expect(await balance()).toBe(430);
  });

  test.each([
    { says: "more seconds than the visitor was quoted", sent: '"seconds":"10"', forged: '"seconds":"60"' },
    { says: "a price above the one that the visitor saw", sent: '"credits":10', forged: '"credits":9' },
  ])("a request for $says does no work and charges nothing", async ({ sent, forged }) => {
    await page.goto(`${at.site.url}/generate`);
    await page.route("**/generate", (route) => {
      const body = route.request().postData() ?? "";
      expect(body).toContain(sent);
      return route.continue({ postData: body.replace(sent, forged) });
    });
    await page.getByRole("button", { name: "生成 · 10 积分" }).click();
    await page.getByText("价格已变动").waitFor();
    await page.unroute("**/generate");
    expect(await balance()).toBe(430);
  });

  test("all pages are in English as well, and no other user's order is shown", async () => {
    await page.getByRole("button", { name: "English" }).click();
    for (const [name, heading] of [
      ["Generate", "Generate by the catalogue"],
      ["Top up", "Top up"],
      ["Orders", "Your orders"],
      ["History", "History"],
    ] as const) {
      await menu(name);
      await page.getByRole("heading", { name: heading }).waitFor();
    }
    await page.goto(`${at.site.url}/orders/${"0".repeat(32)}`);
    await page.getByRole("heading", { name: "Page not found" }).waitFor();
  });

  test("no page was refused a script, a style or a connection by its policy", () => {
    expect(refusedByPolicy).toEqual([]);
  });
});
