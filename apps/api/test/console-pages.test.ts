import { statSync } from "node:fs";
import { join } from "node:path";
import { type Api, startApi } from "@jifen/testkit";
import { describeInBrowser } from "@jifen/testkit/browser";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consoleFolder, readConsoleBuild } from "../src/console/read-build.ts";
import { scriptsOfPage } from "./scripts-of-page.ts";

/** What the first page may cost on a phone with a slow network: compressed scripts, all bytes, requests. */
const BUDGET = { scripts: 130 * 1_024, bytes: 160 * 1_024, requests: 14 };
/** The page, its style, the session and the data. */
const OTHER_REQUESTS = 4;

const sizeOf = (file: string): number => {
  const path = join(consoleFolder, file);
  return (statSync(`${path}.br`, { throwIfNoEntry: false }) ?? statSync(path)).size;
};

describe("the size of the first page", () => {
  test.each([
    { area: "console", page: "src/console/overview/overview-page.tsx", words: "overview" },
    { area: "console", page: "src/console/users/users-page.tsx", words: "users" },
    { area: "account", page: "src/account/home/home-page.tsx", words: "account" },
  ])("$page needs few scripts, and they stay within the budget", async ({ area, page, words }) => {
    const build = await readConsoleBuild(consoleFolder, pino({ level: "silent" }));
    if (!build) throw new Error("The console is not built: run `pnpm build` first.");
    const scripts = scriptsOfPage(build.manifest, [`src/${area}/shell.tsx`, page, `src/words/zh/${words}.ts`]);
    const bytes = scripts.reduce((sum, file) => sum + sizeOf(file), 0);
    expect(bytes).toBeLessThan(BUDGET.scripts);
    expect(scripts.length + OTHER_REQUESTS).toBeLessThanOrEqual(BUDGET.requests);
  });
});

describeInBrowser("the console in a browser", (getBrowser) => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api?.stop();
  });

  /** Opens a page with an empty cache. @returns what it asked for, and what the policy refused. */
  async function openCold(path: string) {
    const context = await getBrowser().newContext({ locale: "zh-CN" });
    const page = await context.newPage();
    const violations: string[] = [];
    await page.exposeFunction("reportViolation", (text: string) => void violations.push(text));
    await page.addInitScript(() => {
      const { reportViolation } = window as unknown as { reportViolation: (text: string) => void };
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        reportViolation(`${violatedDirective} ${blockedURI}`),
      );
    });
    const requested: string[] = [];
    const sizes: Promise<number>[] = [];
    page.on("request", (request) => void requested.push(request.url()));
    page.on("requestfinished", (request) => void sizes.push(request.sizes().then((each) => each.responseBodySize)));
    await page.goto(`${api.url}${path}`);
    await page.getByRole("heading").first().waitFor();
    await page.waitForLoadState("networkidle");
    const text = await page.locator("body").textContent();
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    await context.close();
    return { violations, requested, bytes, text };
  }

  test.each(["/console/", "/console/users", "/account"])(
    "%s breaks no rule of its policy, asks no other host, and stays within the budget of a cold load",
    async (path) => {
      const { violations, requested, bytes, text } = await openCold(path);
      expect(violations).toEqual([]);
      expect(requested.filter((url) => !url.startsWith(`${api.url}/`))).toEqual([]);
      expect(requested.length).toBeLessThanOrEqual(BUDGET.requests);
      expect(bytes).toBeLessThan(BUDGET.bytes);
      expect(text?.trim()).not.toBe("");
    },
  );
});
