import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical violations of the page as it stands, each with the elements it was found in. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Violation = { id: string; impact: string | null; nodes: { html: string }[] };
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}

/** All that scripts of the page can get at without asking anybody: its markup, its cookies and its stores. */
export const withinReachOfScripts = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const stores = [localStorage, sessionStorage].map((store) => JSON.stringify({ ...store }));
    return [document.documentElement.outerHTML, document.cookie, ...stores].join("\n");
  });

/** Layout shifts so far, as browsers score them, and how far the page is wider than the screen, in pixels. */
export const layoutFlaws = (page: Page): Promise<{ shift: number; overflow: number }> =>
  page.evaluate(async () => {
    const shift = await new Promise<number>((resolve) => {
      let sum = 0;
      const add = (list: PerformanceObserverEntryList) => {
        for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
      };
      new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
      setTimeout(() => resolve(sum), 300);
    });
    return { shift, overflow: document.documentElement.scrollWidth - window.innerWidth };
  });

/** What the page asked for and what it got, for as long as it lives. */
export type Traffic = { readonly requested: string[]; readonly received: string[] };

/** Notes every address that the page asks for and every body that comes back. */
export function watchTraffic(page: Page): Traffic {
  const traffic: Traffic = { requested: [], received: [] };
  page.on("request", (request) => void traffic.requested.push(request.url()));
  page.on("response", async (response) => {
    // A redirect, or an answer whose page is gone, has no body any more.
    traffic.received.push(await response.text().catch(() => ""));
  });
  return traffic;
}
