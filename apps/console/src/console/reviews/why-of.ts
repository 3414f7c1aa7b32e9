import { reasonText } from "../orders/named.ts";
import type { Review } from "./types.ts";
import type { ReviewTexts } from "./words.ts";

/** Why something is in the review list, in words. */
export function whyOf({ kind, what, can }: Review, { words, orders }: ReviewTexts): string {
  switch (kind) {
    case "payment":
    case "stray":
      return what.reason === null ? "" : reasonText(orders, what.reason);
    case "late":
      return words.lateText;
    case "reversal":
      return can.length === 0 ? words.waits : words.stuckText;
    case "shortfall":
      return words.shortfallText;
    default:
      return kind satisfies never;
  }
}
