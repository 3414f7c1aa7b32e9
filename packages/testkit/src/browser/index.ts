export type { Browser, Page } from "playwright-core";
export { findChromium, launchChromium } from "./chromium.ts";
export { describeInBrowser } from "./describe-in-browser.ts";
export {
  accessibilityViolations,
  layoutFlaws,
  readableByScripts,
  type Traffic,
  watchTraffic,
} from "./page-watch.ts";
