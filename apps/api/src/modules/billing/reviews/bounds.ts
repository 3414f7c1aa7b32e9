import { GRANT_ATTEMPTS_BEFORE_REVIEW, REVERSAL_REVIEW_MS } from "@jifen/billing";
import type { ReviewBounds } from "@jifen/database";

/** From when on staff has to look at late credits and at reversals. @param nowMs epoch milliseconds */
export const reviewBounds = (nowMs: number): ReviewBounds => ({
  minAttempts: GRANT_ATTEMPTS_BEFORE_REVIEW,
  reversalsUntilMs: nowMs - REVERSAL_REVIEW_MS,
});
