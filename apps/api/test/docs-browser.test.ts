import { accessibilityViolations, type Browser, describeInBrowser, layoutFlaws } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

type Options = Parameters<Browser["newContext"]>[0];

describeInBrowser("/docs in a browser", (getBrowser) => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer("sqlite");
  });
  afterAll(() => server?.stop());

  const open = async (hash = "", { path = "docs", ...options }: Options & { readonly path?: string } = {}) => {
    const context = await getBrowser().newContext({ locale: "en-US", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(timeLimit(15));
    const problems: string[] = [];
    page.on("console", (message) => void problems.push(message.text()));
    page.on("pageerror", (error) => void problems.push(String(error)));
    await page.goto(`${server.api.url}/${path}${hash}`);
    return { page, context, problems };
  };

  test.each([
    { path: "docs", locale: "zh-CN", colorScheme: "light", width: 1_440 },
    { path: "docs", locale: "en-US", colorScheme: "dark", width: 1_440 },
    { path: "docs", locale: "zh-CN", colorScheme: "dark", width: 390 },
    { path: "docs", locale: "en-US", colorScheme: "light", width: 390 },
    { path: "docs-staff", locale: "zh-CN", colorScheme: "light", width: 1_440 },
    { path: "docs-staff", locale: "en-US", colorScheme: "dark", width: 390 },
  ] as const)(
    "/$path in $locale and $colorScheme fits into $width pixels with every operation open, and axe finds nothing",
    async ({ path, width, ...options }) => {
      const { page, context, problems } = await open(path === "docs" ? "#credits.consume" : "#admin.grant", {
        ...options,
        path,
        viewport: { width, height: 900 },
      });
      expect(await accessibilityViolations(page, "every")).toEqual([]);
      await page.evaluate(() => {
        for (const each of document.querySelectorAll("details")) each.open = true;
      });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      expect(await layoutFlaws(page)).toMatchObject({ overflow: 0 });
      expect(problems).toEqual([]);
      await context.close();
    },
  );

  test("an address with the anchor of an operation opens it, and a click on its error leads to the code", async () => {
    const { page, context } = await open("#holds.capture");
    const operation = page.locator("details:has([id='holds.capture'])");
    expect(await operation.getAttribute("open")).not.toBeNull();
    expect(await page.locator("details[open]").count()).toBe(1);
    await operation.getByRole("link", { name: "HOLD_NOT_FOUND" }).click();
    expect(page.url()).toContain("#HOLD_NOT_FOUND");
    await context.close();
  });

  test("the search shows the operations that have every word, while the reader types", async () => {
    const { page, context } = await open();
    const shown = () => page.locator("main details:visible summary h3 code").allTextContents();
    await page.getByRole("searchbox").fill("post consume");
    expect(await shown()).toEqual(["/credits/consume", "/credits/quotes"]);
    await page.getByRole("searchbox").fill("nothing like this");
    expect(await page.getByRole("status").getByRole("link").getAttribute("href")).toBe("docs-staff");
    await page.getByRole("searchbox").fill("");
    expect((await shown()).length).toBeGreaterThan(40);
    await context.close();
  });

  test("the choice of a tool changes every sample, and a copy has the sample alone", async () => {
    const { page, context } = await open("#credits.consume");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const operation = page.locator("details:has([id='credits.consume'])");
    await page.getByText("Python", { exact: true }).click();
    expect(await operation.locator(".s pre:visible").count()).toBe(1);
    await operation.locator(".s pre.python button").click();
    await operation.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
      /^answer = jifen\("POST", "\/credits\/consume", .*\)$/,
    );
    await page.reload();
    expect(await page.getByRole("radio", { name: "Python" }).isChecked()).toBe(true);
    await context.close();
  });

  test("without scripts, an operation opens with a click, tools can be chosen, and the search is a form", async () => {
    const { page, context } = await open("", { javaScriptEnabled: false });
    await page.locator("summary", { hasText: "/credits/consume" }).first().click();
    await page.getByText("PHP", { exact: true }).click();
    expect(await page.locator("details[open] .s pre:visible").allTextContents()).toEqual([
      expect.stringMatching(/^\$answer = jifen\('POST', '\/credits\/consume'/),
    ]);
    await page.getByRole("searchbox").fill("redeem");
    await page.getByRole("button", { name: "Search" }).click();
    await page.waitForURL(/\/docs\?q=redeem$/);
    expect(await page.locator("main section[data-group] summary h3 code").allTextContents()).toEqual(["/codes/redeem"]);
    await context.close();
  });
});
