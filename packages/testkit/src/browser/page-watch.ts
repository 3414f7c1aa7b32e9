import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/**
 * Accessibility violations of the current page, each with its elements: the serious and critical ones, or `every` one, best
 * practices included.
 */
export async function accessibilityViolations(page: Page, which: "serious" | "every" = "serious"): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (asked) => {
    type Violation = { id: string; impact: string | null; nodes: { html: string }[] };
    const { axe } = window as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => asked === "every" || impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }, which);
}

/** Everything that scripts of the page can read without a request: markup, cookies and storage. */
export const readableByScripts = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const stores = [localStorage, sessionStorage].map((store) => JSON.stringify({ ...store }));
    return [document.documentElement.outerHTML, document.cookie, ...stores].join("\n");
  });

/** The layout shift score so far, and by how many pixels the page is wider than the screen. */
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

/** The URLs that a page requested and the response bodies that it received. */
export type Traffic = { readonly requested: string[]; readonly received: string[] };

/** Records all requests and responses of a page. */
export function watchTraffic(page: Page): Traffic {
  const traffic: Traffic = { requested: [], received: [] };
  page.on("request", (request) => void traffic.requested.push(request.url()));
  page.on("response", async (response) => {
    // The body of a redirect, or of a response to a closed page, cannot be read.
    traffic.received.push(await response.text().catch(() => ""));
  });
  return traffic;
}
