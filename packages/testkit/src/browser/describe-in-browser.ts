import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, vi } from "vitest";
import { timeLimit } from "../time-limit.ts";
import { findChromium, launchChromium } from "./chromium.ts";

const executablePath = findChromium();

/**
 * Declares tests that share a browser, which is closed before the `afterAll` of the tests. Without Chromium they are skipped
 * with a warning, and fail in CI.
 */
export function describeInBrowser(title: string, tests: (getBrowser: () => Browser) => void): void {
  // Pages take several times as long while both cores are busy with other tests.
  vi.setConfig({ testTimeout: timeLimit(120), hookTimeout: timeLimit(120) });
  const isSkipped = executablePath === undefined && !process.env["CI"];
  if (isSkipped) console.warn(`SKIPPED: "${title}" needs Chromium (set CHROMIUM_PATH, or: apt-get install chromium).`);
  describe.skipIf(isSkipped)(title, () => {
    let browser: Browser;
    beforeAll(async () => {
      if (executablePath === undefined) throw new Error("Chromium was not found: install it or set CHROMIUM_PATH.");
      browser = await launchChromium(executablePath);
    });
    tests(() => browser);
    // The last one runs first: a server stops sooner when no browser is connected.
    afterAll(() => browser?.close());
  });
}
