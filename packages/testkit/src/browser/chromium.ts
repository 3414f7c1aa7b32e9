import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { findProgram } from "../find-program.ts";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Finds the system's Chromium: CHROMIUM_PATH, /usr/bin or PATH; undefined when there is none. */
export function findChromium(): string | undefined {
  const inPath = ["chromium", "chromium-browser", "google-chrome"].map(findProgram);
  const candidates = [process.env["CHROMIUM_PATH"], "/usr/bin/chromium", ...inPath];
  return candidates.find((path) => path !== undefined && isExecutable(path));
}

/** Starts Chromium headless and without background requests. */
export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: flags });

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
