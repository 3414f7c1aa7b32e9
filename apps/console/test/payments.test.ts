import { accessibilityViolations, describeInBrowser, layoutFlaws, type Page } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConsoleSite, emails, startConsole } from "./console-site.ts";

describeInBrowser("orders, payments and reviews in the console", (getBrowser) => {
  let site: ConsoleSite;
  let page: Page;
  const open = async (path: string) => {
    await page.goto(`${site.api.url}/console${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
  };
  const dialog = () => page.getByRole("dialog");

  beforeAll(async () => {
    site = await startConsole(getBrowser());
    page = await site.login("admin");
  });
  afterAll(() => site?.[Symbol.asyncDispose]());

  test("pressing Refund twice returns the money once, and takes the credits once", async () => {
    const before = await site.balance();
    const orderId = await site.paid("stripe", "pay");
    expect(await site.balance()).toBe(before + 110);
    await open("/orders");
    await page.getByRole("link", { name: "100 积分" }).first().click();
    await page.getByRole("button", { name: "退款", exact: true }).click();
    await dialog().getByLabel("原因").fill("用户不满意");
    await dialog().getByRole("button", { name: "退款 ¥9.90" }).dblclick();
    await dialog().waitFor({ state: "hidden" });
    await page.getByText("已申请退款 ¥9.90").waitFor();
    await expect.poll(async () => (await site.get("admin", `/admin/orders/${orderId}`)).refunded.minor).toBe(990);
    const { reversals } = await site.get("admin", `/admin/orders/${orderId}`);
    expect(reversals).toMatchObject([{ takenCredits: 100, takenBonus: 10, reason: "用户不满意" }]);
    expect(site.stripe.books.find(orderId)?.refunds).toMatchObject([{ amountMinor: 990 }]);
    expect(await site.balance()).toBe(before);
  });

  test("a refund whose answers are lost is the same refund when the person presses again", async () => {
    const orderId = await site.paid("stripe", "pay");
    await open(`/orders/${orderId}`);
    await page.getByRole("button", { name: "退款", exact: true }).click();
    await dialog().getByLabel("退款金额 (CNY)").fill("3.30");
    await dialog().getByLabel("原因").fill("部分退款");
    const path = /adminReversals\.refund\b/;
    await page.route(path, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await dialog().getByRole("button", { name: "退款 ¥3.30" }).click();
    await dialog().getByText("连接中断").waitFor();
    await page.unroute(path);
    await dialog().getByRole("button", { name: "重试" }).click();
    await dialog().waitFor({ state: "hidden" });
    const { reversals } = await site.get("admin", `/admin/orders/${orderId}`);
    expect(reversals).toMatchObject([{ amount: { minor: 330 } }]);
  });

  test("a refund of more than the unused credits are worth says why, and needs goodwill", async () => {
    const orderId = await site.paid("stripe", "pay");
    await site.post("user", "/credits/consume", { amount: (await site.balance()) - 60, action: "video" });
    await open(`/orders/${orderId}`);
    await page.getByRole("button", { name: "退款", exact: true }).click();
    await dialog().getByText("部分积分已花费").waitFor();
    await dialog().getByLabel("退款金额 (CNY)").fill("9.90");
    await dialog().getByLabel("原因").fill("补偿");
    await dialog().getByRole("button", { name: "退款 ¥9.90" }).click();
    await dialog().getByRole("alert").filter({ hasText: "goodwill" }).waitFor();
    await dialog().getByLabel("补偿退款").check();
    await dialog().getByRole("button", { name: "退款 ¥9.90" }).click();
    await dialog().waitFor({ state: "hidden" });
    const { reversals } = await site.get("admin", `/admin/orders/${orderId}`);
    expect(reversals).toMatchObject([{ rule: "goodwill", amount: { minor: 990 } }]);
  });

  test("a payment of a cent less is in the review list with both amounts, and is credited when it is accepted", async () => {
    const before = await site.balance();
    const orderId = await site.paid("epay", "pay-less");
    await open("/orders");
    await page.getByRole("link", { name: "前往待处理列表" }).click();
    const row = page.getByRole("row").filter({ hasText: orderId });
    await row.getByText("订单应为 ¥9.90").waitFor();
    expect(await row.getByText("¥9.89").count()).toBe(1);
    await row.getByRole("button", { name: "接受" }).click();
    await dialog().getByLabel("原因").fill("差一分");
    await dialog().getByRole("button", { name: "接受" }).dblclick();
    await page.getByText("没有需要处理的付款或退款").waitFor();
    await expect.poll(() => site.balance(), { timeout: timeLimit(40) }).toBe(before + 110);
  });

  test("a payment in review that is returned by hand is stuck, with the next step on its page, until staff confirms it", async () => {
    const before = await site.balance();
    const orderId = await site.paid("epay", "pay-less");
    await open("/reviews");
    const row = page.getByRole("row").filter({ hasText: orderId });
    await row.getByRole("button", { name: "退款", exact: true }).click();
    await dialog().getByLabel("我会在支付平台人工退回这笔钱").check();
    await dialog().getByLabel("原因").fill("少付一分");
    await dialog().getByRole("button", { name: "退款 ¥9.89" }).dblclick();
    await dialog().waitFor({ state: "hidden" });
    await open(`/orders/${orderId}`);
    await page.getByText("有一笔退款卡住").waitFor();
    expect(await page.getByRole("button", { name: "重试退款" }).isVisible()).toBe(true);
    await page.getByRole("button", { name: "确认已人工退回" }).click();
    await dialog().getByText("之后不再向支付平台申请").waitFor();
    await dialog().getByLabel("原因").fill("已转账");
    await dialog().getByRole("button", { name: "确认已人工退回" }).dblclick();
    await page.getByText("有一笔退款卡住").waitFor({ state: "detached" });
    const { payments, reversals } = await site.get("admin", `/admin/orders/${orderId}`);
    expect(payments).toMatchObject([{ state: "returned" }]);
    expect(reversals).toMatchObject([{ state: "done", takenCredits: 0, amount: { minor: 989 } }]);
    expect(await site.balance()).toBe(before);
    await open("/reviews");
    await page.getByText("没有需要处理的付款或退款").waitFor();
  });

  test("a refund whose answer the provider never gave is shown as under way, and is found when staff asks the provider again", async () => {
    const orderId = await site.paid("stripe", "pay");
    await open(`/orders/${orderId}`);
    site.stripe.turn({ answers: "reset" });
    await page.getByRole("button", { name: "退款", exact: true }).click();
    await dialog().getByLabel("原因").fill("平台没有回答");
    await dialog().getByRole("button", { name: "退款 ¥9.90" }).click();
    await dialog().waitFor({ state: "hidden" });
    await page.getByText("已收回积分").first().waitFor();
    site.stripe.turn({ answers: "normal" });
    const reversals = async () => (await site.get("admin", `/admin/orders/${orderId}`)).reversals;
    await page.getByRole("button", { name: "再次查询支付平台" }).click();
    await dialog().getByRole("button", { name: "再次查询支付平台" }).click();
    await page.getByText("已查询支付平台").waitFor();
    await expect.poll(reversals, { timeout: timeLimit(40) }).toMatchObject([{ state: "done", takenCredits: 100 }]);
    expect(site.stripe.books.find(orderId)?.refunds).toHaveLength(1);
  });

  test("support reads an order and asks the provider, and is offered no act on money", async () => {
    const orderId = await site.paid("stripe", "pay");
    const ofSupport = await site.login("support");
    const requested: string[] = [];
    ofSupport.on("request", (request) => requested.push(request.url()));
    await ofSupport.goto(`${site.api.url}/console/orders`);
    await ofSupport.getByLabel("用户邮箱或订单号").fill(orderId);
    await ofSupport.getByText("积分已入账").waitFor();
    expect(ofSupport.url()).toBe(`${site.api.url}/console/orders/${orderId}`);
    expect(await ofSupport.getByRole("button", { name: "退款", exact: true }).count()).toBe(0);
    await ofSupport.getByRole("button", { name: "再次查询支付平台" }).click();
    await ofSupport.getByRole("dialog").getByRole("button", { name: "再次查询支付平台" }).click();
    await ofSupport.getByText("已查询支付平台").waitFor();
    await ofSupport.goto(`${site.api.url}/console/reviews`);
    await ofSupport.getByRole("heading", { name: "没有权限" }).waitFor();
    expect(requested.filter((url) => url.includes("adminReviews"))).toEqual([]);
    await ofSupport.context().close();
  });

  test("a filter that is typed slowly keeps the focus, and is empty after the filters were cleared", async () => {
    await open("/orders");
    const field = page.getByLabel("用户邮箱或订单号");
    await field.click();
    await page.keyboard.type("unknown@ex", { delay: 20 });
    await page.getByText("请输入完整的邮箱地址").waitFor();
    await page.keyboard.type("ample.com", { delay: 20 });
    await page.getByRole("button", { name: "清除筛选" }).click();
    await page.getByRole("link", { name: "100 积分" }).first().waitFor();
    expect(await field.inputValue()).toBe("");
    expect(page.url()).toBe(`${site.api.url}/console/orders`);
  });

  test.each(["/orders", "/orders/ORDER", "/reviews", `/users/${emails.user}?tab=orders`])(
    "/console%s is accessible, breaks no rule of its policy, and fits a screen of 320 px in the dark",
    async (path) => {
      const [order] = (await site.get("admin", "/admin/orders?limit=1")).items;
      await page.setViewportSize({ width: 320, height: 640 });
      await page.emulateMedia({ colorScheme: "dark" });
      await open(path.replace("ORDER", order.orderId));
      await page.waitForLoadState("networkidle");
      expect(await accessibilityViolations(page, "every")).toEqual([]);
      expect((await layoutFlaws(page)).overflow).toBeLessThanOrEqual(0);
      expect(site.violations).toEqual([]);
    },
  );
});
