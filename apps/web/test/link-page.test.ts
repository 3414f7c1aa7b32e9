import { callRest, startApi } from "@jifen/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "./chromium.ts";
import { accessibilityViolations, layoutFlaws } from "./page-watch.ts";

const executablePath = findChromium();
const isSkipped = executablePath === undefined && !process.env["CI"];
if (isSkipped) console.warn("SKIPPED: the tests of the one-time link page need Chromium (set CHROMIUM_PATH).");

describe.skipIf(isSkipped)("the one-time link page", () => {
  let browser: Browser;
  beforeAll(async () => {
    if (executablePath === undefined) throw new Error("Chromium was not found: install it or set CHROMIUM_PATH.");
    browser = await launchChromium(executablePath);
  });
  afterAll(() => browser?.close());

  const open = async (url: string, locale: string) => {
    const page = await browser.newPage({ locale, viewport: { width: 375, height: 812 } });
    page.setDefaultTimeout(15_000);
    const requested: string[] = [];
    page.on("request", (request) => void requested.push(request.url()));
    await page.goto(url);
    return { page, requested };
  };

  test("the link page creates the first admin, shows validation errors, and never sends the link's secret in a URL", async () => {
    await using api = await startApi();
    const link = new URL(String(api.logs().find((line) => "setupLink" in line)?.["setupLink"]));
    const { page, requested } = await open(`${api.url}/link${link.hash}`, "zh-CN");
    expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(await layoutFlaws(page)).toEqual({ shift: 0, overflow: 0 });
    await page.getByLabel("邮箱").fill("boss@example.com");
    await page.locator("form:not([hidden])").getByLabel("新密码").fill("1234567890");
    await page.getByRole("button", { name: "创建管理员" }).click();
    await page.getByRole("status").filter({ hasText: "常见密码" }).waitFor();
    await page.locator("form:not([hidden])").getByLabel("新密码").fill("tr0ub4dor-and-3");
    await page.locator("form:not([hidden])").getByLabel("新密码").press("Enter");
    await page.getByRole("status").filter({ hasText: "管理员" }).waitFor();
    expect(new URL(page.url()).hash).toBe("");
    const body = { email: "boss@example.com", password: "tr0ub4dor-and-3" };
    expect((await callRest(api.url, "POST", "/auth/login", { body })).status).toBe(200);
    expect(requested.join(" ")).not.toContain(link.hash.slice("#first-admin.".length));
  });

  test("the link page reports an expired link and an incomplete link", async () => {
    await using api = await startApi();
    const { page } = await open(`${api.url}/link#password.YUBiLmM.${"A".repeat(43)}`, "en-US");
    await page.locator("form:not([hidden])").getByLabel("New password").fill("tr0ub4dor-and-3");
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByRole("status").filter({ hasText: "request a new one" }).waitFor();
    const { page: bare } = await open(`${api.url}/link`, "en-US");
    await bare.getByRole("status").filter({ hasText: "incomplete" }).waitFor();
  });
});
