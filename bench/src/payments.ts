/** Measures quotes, orders, notices and the schedule of payments, and checks afterwards what was credited. */
import { runCommand } from "./bench.ts";
import { lookUpPart } from "./payments/look-up.ts";
import { lostNoticesPart } from "./payments/lost-notices.ts";
import { noticesParts } from "./payments/notices.ts";
import { openOrdersPart } from "./payments/open-orders.ts";
import { quotesPart } from "./payments/quotes.ts";
import { startPart } from "./payments/start.ts";

await runCommand("bench:payments", [
  quotesPart,
  ...noticesParts,
  lostNoticesPart,
  openOrdersPart,
  lookUpPart,
  startPart,
]);
