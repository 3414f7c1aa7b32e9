import { DecideReversal } from "../../orders/acts/decide-reversal.tsx";
import { RefundPayment } from "../../orders/acts/refund-payment.tsx";
import type { Review, Verb } from "../types.ts";
import { DecidePayment } from "./decide-payment.tsx";
import { ResolveStray } from "./resolve-stray.tsx";

type ReviewActProps = { readonly review: Review; readonly verb: Verb; readonly onClose: () => void };

/** The dialog of what staff does about an entry of the review list. */
export function ReviewAct({ review, verb, onClose }: ReviewActProps) {
  const { paymentId, reversalId } = review;
  switch (verb) {
    case "accept":
    case "dismiss":
      return paymentId === null ? null : <DecidePayment {...{ review, paymentId, onClose }} decision={verb} />;
    case "return":
      return paymentId === null ? null : (
        <RefundPayment {...{ paymentId, onClose }} paidMinor={review.what.amount.minor} />
      );
    case "retry":
    case "settle":
      return reversalId === null ? null : <DecideReversal {...{ reversalId, onClose }} decision={verb} />;
    case "resolve":
      return <ResolveStray {...{ review, onClose }} />;
    default:
      return verb satisfies never;
  }
}
