import type { Page } from "@jifen/testkit/browser";
import { expect, test } from "vitest";
import { describeConsole, emailOf } from "./console-browser.ts";

/** What the first page after a log-in may cost: compressed scripts, and requests. */
const BUDGET = { scriptBytes: 130 * 1_024, requests: 14 };

type Loaded = { readonly url: string; readonly isScript: boolean; readonly bytes: number };

/** Records what a page loads: the bytes are those that were sent, compressed. */
function recordLoads(page: Page): () => Promise<readonly Loaded[]> {
  const loads: Promise<Loaded>[] = [];
  page.on("requestfinished", (request) => {
    const load = { url: request.url(), isScript: request.resourceType() === "script" };
    loads.push(request.sizes().then(({ responseBodySize }) => ({ ...load, bytes: responseBodySize })));
  });
  return () => Promise.all(loads);
}

describeConsole("the first load, with an empty cache", (getConsole) => {
  test.each([
    { person: "support", path: "/console" },
    { person: "support", path: "/console/users" },
    { person: "lin", path: "/account" },
  ] as const)(
    "after the log-in $path stays within the budget, and the login page runs no script",
    async ({ person, path }) => {
      const page = await getConsole().open(person, "/login", { isLoggedOut: true });
      const ofLogin = recordLoads(page);
      await page.goto(`${getConsole().url}/login?to=${path}`);
      await page.waitForLoadState("networkidle");
      expect((await ofLogin()).filter(({ isScript }) => isScript)).toEqual([]);
      await page.locator("input[name=email]").fill(emailOf(person));
      await page.locator("input[name=password]").fill(`password-of-${person}`);
      const loads = recordLoads(page);
      await page.locator("input[name=password]").press("Enter");
      await page.waitForURL(`${getConsole().url}${path}`);
      await page.locator("h1").waitFor();
      await page.waitForLoadState("networkidle");
      // The chart arrives after the numbers and has a budget of its own; nothing waits for the icon.
      const first = (await loads()).filter(({ url }) => !/\/login$|\/assets\/(?:bars|icon)-/.test(url));
      const scripts = first.filter(({ isScript }) => isScript);
      expect(scripts.length).toBeGreaterThan(3);
      expect(scripts.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(BUDGET.scriptBytes);
      expect(first.length, first.map(({ url }) => url).join("\n")).toBeLessThanOrEqual(BUDGET.requests);
    },
  );
});
