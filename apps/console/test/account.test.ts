import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type Api, callRest, freshDatabase, startApi } from "@jifen/testkit";
import { accessibilityViolations, describeInBrowser, layoutFlaws, type Page } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";

const password = "password123";
const emails = { user: "user@example.com", admin: "admin@example.com" } as const;

const packs = [
  {
    ...{ id: "p100", title: { zh: "入门包", en: "Starter" }, credits: 100, bonusCredits: 10 },
    prices: [{ currency: "CNY", minor: 990 }],
  },
];

describeInBrowser("the account pages on a phone", (getBrowser) => {
  let api: Api;
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let page: Page;
  const tokens = { user: "", admin: "" };
  const violations: string[] = [];

  const call = async (as: keyof typeof tokens, path: string, body?: object) => {
    const answer = await callRest(api.url, body ? "POST" : "GET", path, { token: tokens[as], ...(body && { body }) });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };
  const balance = async (): Promise<number> => (await call("user", "/credits/balance")).balance;

  beforeAll(async () => {
    database = await freshDatabase("sqlite");
    api = await startApi({
      databaseUrl: database.url,
      env: {
        ...{ PAY_DEMO: "on", ADMIN_EMAILS: emails.admin, BRAND_COLOR: "#ffd21f" },
        USER_WHITELIST: Object.values(emails)
          .map((email) => `${email}:${password}`)
          .join(","),
      },
    });
    for (const as of ["user", "admin"] as const) {
      const { body } = await callRest(api.url, "POST", "/auth/login", { body: { email: emails[as], password } });
      tokens[as] = body.token;
    }
    const { version } = await call("admin", "/admin/catalogues", { document: { packs } });
    await call("admin", `/admin/catalogues/${version}/publish`, { reason: "test" });
    beginNow(database.url);
    page = await getBrowser().newPage({ locale: "zh-CN", viewport: { width: 390, height: 844 } });
    page.setDefaultTimeout(timeLimit(30));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) violations.push(message.text());
    });
    await page.goto(`${api.url}/login?to=/account`);
    await page.locator("input[name=email]").fill(emails.user);
    await page.locator("input[name=password]").fill(password);
    await page.locator("button[type=submit], form button").last().click();
    await page.getByRole("heading", { name: "我的积分" }).waitFor();
  });
  afterAll(async () => {
    await api?.stop();
    await database?.drop();
  });

  test("the main button has the colour of the operator, and text that is easy to read on it", async () => {
    const topUp = page.getByRole("main").getByRole("link", { name: "充值" });
    const colors = await topUp.evaluate((element) => {
      const { backgroundColor, color } = getComputedStyle(element);
      return { backgroundColor, color };
    });
    expect(colors).toEqual({ backgroundColor: "rgb(255, 210, 31)", color: "rgb(27, 15, 12)" });
  });

  test("pressing Redeem twice redeems the code once, and the page says what it gave", async () => {
    const before = await balance();
    const batch = { name: "Spring", credits: 50, codes: 1, validDays: 30, reason: "test" };
    const { codes } = await call("admin", "/admin/codes/batches", batch);
    await page.goto(`${api.url}/account/redeem`);
    // As people type it: in lower case, without hyphens.
    await page.getByLabel("积分码").pressSequentially(codes[0].toLowerCase().replaceAll("-", ""));
    expect(await page.getByLabel("积分码").inputValue()).toBe(codes[0]);
    await page.getByRole("button", { name: "兑换", exact: true }).dblclick();
    await page.getByText("已到账 50 积分").waitFor();
    expect(await balance()).toBe(before + 50);
  });

  test("a code that is not valid is refused in a sentence that says what to do", async () => {
    await page.goto(`${api.url}/account/redeem`);
    await page.getByLabel("积分码").fill("AAAAA-AAAAA-AAAAA-AAAAA");
    await page.getByRole("button", { name: "兑换", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "请检查是否输错" }).waitFor();
  });

  test("pressing Pay twice makes one order, and the page turns to credited by itself when it is paid", async () => {
    const before = await balance();
    await page.goto(`${api.url}/account/topup`);
    await page.getByLabel("演示扫码").check();
    await page.getByRole("button", { name: "支付 ¥9.90" }).dblclick();
    await page.locator("[data-phase=waiting]").waitFor();
    const { items } = await call("user", "/orders");
    expect(items).toHaveLength(1);
    expect(page.url()).toBe(`${api.url}/account/topup/${items[0].orderId}`);
    await page.getByRole("img", { name: "付款二维码" }).waitFor();
    expect(await accessibilityViolations(page, "every")).toEqual([]);
    const phone = await getBrowser().newPage();
    await phone.goto(items[0].pay.text);
    await phone.locator("button[name=act][value=pay]").click();
    await phone.close();
    await page.locator("[data-phase=credited]").waitFor();
    expect(await balance()).toBe(before + 110);
  });

  test("a browser that comes back from a payment provider finds its order", async () => {
    const { items } = await call("user", "/orders");
    await page.goto(`${api.url}/account/orders?order=${items[0].orderId}`);
    await page.locator("[data-phase=credited]").waitFor();
    expect(page.url()).toBe(`${api.url}/account/topup/${items[0].orderId}`);
  });

  test("the history explains an entry, from the list to its grant", async () => {
    await call("user", "/credits/consume", { amount: 7, action: "text_to_video" });
    await page.goto(`${api.url}/account/history`);
    await page.getByRole("link", { name: "text_to_video" }).first().click();
    await page.getByRole("heading", { name: "来自批次" }).waitFor();
    await page.getByText("还可退 7 积分").waitFor();
  });

  test("the history is saved as a CSV file with the entries that the filter shows", async () => {
    await page.goto(`${api.url}/account/history?kind=consume`);
    await page.getByRole("link", { name: "text_to_video" }).first().waitFor();
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "下载 CSV" }).click();
    const [, ...rows] = readFileSync(await (await saving).path(), "utf8")
      .trim()
      .split("\r\n");
    // In the language of the page; the last line is the total.
    expect(rows).toEqual([
      expect.stringContaining(",消费,text_to_video,7,-7,"),
      expect.stringContaining("扣费 7，退款 0，净额 7"),
    ]);
  });

  test("a statement is printed in dark ink, without the navigation, in the dark theme as well", async () => {
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`${api.url}/account/statements`);
    await page.getByText("期末余额").waitFor();
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.getByText("期末余额").evaluate((element) => getComputedStyle(element).color)).toBe(
      "rgb(0, 0, 0)",
    );
    expect(await page.getByRole("navigation").count()).toBe(0);
    await page.emulateMedia({ media: null, colorScheme: null });
  });

  test("the usage of a period names each action with its credits, and leads to the entries behind them", async () => {
    await call("user", "/credits/consume", { amount: 3, action: "upscale" });
    await page.goto(`${api.url}/account/usage`);
    const actions = page.getByRole("region", { name: "按用途" }).getByRole("listitem");
    await actions.first().waitFor();
    expect(await actions.allInnerTexts()).toEqual([expect.stringContaining("7"), expect.stringContaining("3")]);
    await actions.getByRole("link", { name: "upscale" }).click();
    await page.getByRole("heading", { name: "流水" }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll("tr[data-row]").length === 1);
  });

  test("a choice of the keyboard in a filter of the account pages keeps the focus", async () => {
    for (const [path, label, value] of [
      ["/usage", "时间范围", "week"],
      ["/statements", "月份", undefined],
      ["/history", "类型", "consume"],
    ] as const) {
      await page.goto(`${api.url}/account${path}`);
      const field = page.getByLabel(label);
      await field.focus();
      await field.selectOption(value ?? { index: 1 });
      await page.waitForURL(/\?/);
      await page.waitForLoadState("networkidle");
      expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    }
  });

  test.each(["", "/history", "/topup", "/orders", "/usage", "/redeem", "/statements", "/keys", "/security"])(
    "/account%s is accessible, breaks no rule of its policy, and fits a screen of 320 px in the dark",
    async (path) => {
      await page.setViewportSize({ width: 320, height: 640 });
      await page.emulateMedia({ colorScheme: "dark" });
      await page.goto(`${api.url}/account${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      expect(await accessibilityViolations(page, "every")).toEqual([]);
      expect((await layoutFlaws(page)).overflow).toBeLessThanOrEqual(0);
      expect(violations).toEqual([]);
    },
  );
});

/** A catalogue is in force a minute after it was published: this one since long. */
function beginNow(databaseUrl: string): void {
  const store = new DatabaseSync(databaseUrl.replace(/^file:/, ""));
  // The running server writes in the background.
  store.exec("PRAGMA busy_timeout = 5000");
  store.exec("UPDATE catalogues SET effective_from_ms = 1");
  store.close();
}
