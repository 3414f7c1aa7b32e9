import { type Api, callRest, startApi } from "@jifen/testkit";
import {
  accessibilityViolations,
  describeInBrowser,
  layoutFlaws,
  readableByScripts,
  type Traffic,
  watchTraffic,
} from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Site, startSite } from "./site.ts";

describeInBrowser("the web app in a mobile browser", (getBrowser) => {
  let api: Api;
  let site: Site;
  let page: Page;
  let traffic: Traffic;

  beforeAll(async () => {
    api = await startApi({ env: { USER_WHITELIST: "user@example.com:password123" } });
    site = await startSite(api.url);
    page = await getBrowser().newPage({ locale: "zh-CN", viewport: { width: 375, height: 812 } });
    page.setDefaultTimeout(timeLimit(15));
    traffic = watchTraffic(page);
  });
  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
  });

  const user = { email: "user@example.com", password: "password123" };
  const logIn = async (password: string) => {
    await page.getByLabel("邮箱").fill("user@example.com");
    await page.getByLabel("密码").fill(password);
    await page.getByRole("button", { name: "登录" }).click();
  };
  const balance = () => page.getByRole("region", { name: /可用积分|Available credits/ }).getByRole("strong");
  const shows = (text: string) =>
    balance()
      .filter({ hasText: new RegExp(`^${text}$`) })
      .waitFor();
  const spend = async (offer: string, outcome: string) => {
    await page.getByText(offer, { exact: true }).first().click();
    await page.getByRole("button", { name: /^使用/ }).click();
    await page.getByText(outcome).waitFor();
  };

  test("a visitor without a session is redirected to the login page", async () => {
    await page.goto(site.url);
    expect(new URL(page.url()).pathname).toBe("/login");
    expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await layoutFlaws(page)).toEqual({ shift: 0, overflow: 0 });
  });

  test("a wrong password shows an error and keeps the e-mail address", async () => {
    await logIn("not-the-password");
    await page.getByRole("alert").filter({ hasText: "邮箱或密码错误" }).waitFor();
    expect(await page.getByLabel("邮箱").inputValue()).toBe("user@example.com");
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  test("a login shows the 100 initial credits", async () => {
    await logIn("password123");
    await page.waitForURL(`${site.url}/`);
    await shows("100");
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  test("spending 5 credits shows a balance of 95 and records the call in the log", async () => {
    await spend("即梦视频生成", "已使用 5 积分，剩余 95 积分");
    await shows("95");
    await page.getByRole("row").filter({ hasText: "jimeng_video_generation" }).filter({ hasText: "−5" }).waitFor();
    const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
    const logs = async () => (await callRest(api.url, "GET", "/logs", { token })).body.items;
    await expect.poll(async () => (await logs()).length).toBe(1);
    expect(await logs()).toMatchObject([
      { action: "jimeng_video_generation", success: true, charge: { kind: "consume", amount: 5 } },
    ]);
  });

  test("spending more than the balance shows both numbers and charges nothing", async () => {
    await spend("长视频生成", "剩余 55 积分");
    await spend("长视频生成", "剩余 15 积分");
    await spend("长视频生成", "需要 40 积分，余额 15 积分，还差 25 积分");
    const paywall = page.getByRole("dialog", { name: "积分不足" });
    await paywall.getByText("暂时没有可以购买的积分包").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await paywall.waitFor({ state: "hidden" });
    await shows("15");
    await page.getByText("积分只剩 15").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.reload();
    await shows("15");
    expect(await layoutFlaws(page)).toEqual({ shift: 0, overflow: 0 });
  });

  test("no page of a logged-in user is wider than a screen of 320 px", async () => {
    await page.setViewportSize({ width: 320, height: 700 });
    for (const path of ["/", "/generate", "/top-up", "/orders", "/history"]) {
      await page.goto(`${site.url}${path}`);
      await page.getByRole("main").waitFor();
      expect({ path, ...(await layoutFlaws(page)) }).toMatchObject({ path, overflow: 0 });
    }
    await page.setViewportSize({ width: 375, height: 812 });
    await page.goto(site.url);
    await shows("15");
    expect(await layoutFlaws(page)).toEqual({ shift: 0, overflow: 0 });
  });

  test("no script of the page can read the token, and no response contains it", async () => {
    const cookie = (await page.context().cookies()).find(({ httpOnly }) => httpOnly);
    expect(cookie).toMatchObject({ name: "jifen_token", sameSite: "Lax", path: "/", secure: false });
    const token = cookie?.value ?? "";
    expect(token.split(".")).toHaveLength(3);
    expect(await readableByScripts(page)).not.toContain(token);
    expect(traffic.received.join("\n")).not.toContain(token);
  });

  test("a request from another site cannot spend credits with the cookie", async () => {
    const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    const post = (path: string, fetchSite: string) =>
      fetch(`${site.url}/api/jifen/trpc/${path}?batch=1`, {
        method: "POST",
        headers: { cookie: cookies, "sec-fetch-site": fetchSite, "content-type": "application/json" },
        body: JSON.stringify({ 0: { json: { amount: 1, action: "stolen" } } }),
      });
    expect((await post("orders.create", "cross-site")).status).toBe(403);
    // A page of this site cannot either: the price is decided on the server.
    expect((await post("credits.consume", "same-origin")).status).toBe(404);
    await page.reload();
    await shows("15");
  });

  test("the language switch changes to English and back", async () => {
    await page.getByRole("button", { name: "English" }).click();
    await page.getByText("Available credits").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByText("可用积分").waitFor();
  });

  test("a logout ends the session and protects the page again", async () => {
    const token = (await page.context().cookies()).find(({ name }) => name === "jifen_token")?.value ?? "";
    const isValid = async () => (await callRest(api.url, "POST", "/auth/verify", { body: { token } })).body.valid;
    expect(await isValid()).toBe(true);
    await page.getByRole("button", { name: "退出登录" }).click();
    await page.waitForURL(`${site.url}/login`);
    expect(await isValid()).toBe(false);
    expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("jifen_token");
    await page.goto(site.url);
    expect(new URL(page.url()).pathname).toBe("/login");
    await page.goBack();
    expect(await balance().count()).toBe(0);
    // Going back can cause another redirect.
    await page.waitForLoadState("networkidle");
  });

  test("the page sends no request to any other server", () => {
    expect(traffic.requested.filter((url) => !url.startsWith(`${site.url}/`))).toEqual([]);
  });

  test("the page reports that the API is unavailable and offers a retry", async () => {
    await page.goto(`${site.url}/login`);
    await logIn("password123");
    await shows("15");
    await api.stop();
    await page.getByRole("button", { name: /^使用/ }).click();
    await page.getByRole("alert").filter({ hasText: "重试不会重复扣费" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "服务暂时不可用" }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await page.getByRole("button", { name: /重试/ }).count()).toBe(1);
  });
});
