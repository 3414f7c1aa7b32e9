import type { JifenOutputs } from "@jifen/client";

/** What waits for a decision. */
export type Review = JifenOutputs["adminReviews"]["list"]["items"][number];
/** What staff can do about it. */
export type Verb = Review["can"][number];

/** The kinds, in the order of a filter. */
export const reviewKinds: readonly Review["kind"][] = ["payment", "late", "stray", "reversal", "shortfall"];

/** What one of them is about: of a stray, the transaction at the provider. */
export const reviewId = ({ kind, reversalId, paymentId, what }: Review): string =>
  `${kind}:${reversalId ?? paymentId ?? `${what.channel}:${what.merchant}:${what.providerId}`}`;
