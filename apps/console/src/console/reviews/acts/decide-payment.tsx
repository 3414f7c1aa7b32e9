import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { ReasonFields, reasonOf } from "../../users/acts/reason-fields.tsx";
import type { Review } from "../types.ts";
import { reviewsWords } from "../words.ts";

type DecidePaymentProps = {
  readonly review: Review;
  readonly paymentId: string;
  readonly decision: "accept" | "dismiss";
  readonly onClose: () => void;
};

/** Accepts a payment in review, which grants the terms of its order, or ends its review without credits. */
export function DecidePayment({ review, paymentId, decision, onClose }: DecidePaymentProps) {
  const words = reviewsWords.useWords();
  const isAccept = decision === "accept";
  return (
    <ActDialog
      act={`${decision}:${paymentId}`}
      title={isAccept ? words.acceptTitle : words.dismissTitle}
      submit={words.verbs[decision]}
      done={isAccept ? words.acceptDone : words.dismissDone}
      isDanger={!isAccept}
      perform={(values) => {
        const input = { paymentId, ...reasonOf(values) };
        return isAccept ? jifen.adminPayments.accept.mutate(input) : jifen.adminPayments.dismiss.mutate(input);
      }}
      onClose={onClose}
    >
      <p>{isAccept ? words.acceptText(formatNumber(review.what.credits)) : words.dismissText}</p>
      <ReasonFields />
    </ActDialog>
  );
}
