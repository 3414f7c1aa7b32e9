import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { ReasonFields, reasonOf } from "../../users/acts/reason-fields.tsx";
import { ordersWords } from "../words.ts";

/** What staff can do about a stuck reversal. */
export type Decision = "retry" | "settle";

type DecideReversalProps = {
  readonly reversalId: string;
  readonly decision: Decision;
  readonly onClose: () => void;
};

/** Retries a stuck refund, or confirms that its money was returned at the provider. */
export function DecideReversal({ reversalId, decision, onClose }: DecideReversalProps) {
  const words = ordersWords.useWords();
  const isRetry = decision === "retry";
  return (
    <ActDialog
      act={`${decision}:${reversalId}`}
      title={isRetry ? words.retry : words.settle}
      submit={isRetry ? words.retry : words.settle}
      done={isRetry ? words.retryDone : words.settleDone}
      perform={(values) => {
        const input = { reversalId, ...reasonOf(values) };
        return isRetry ? jifen.adminReversals.retry.mutate(input) : jifen.adminReversals.settle.mutate(input);
      }}
      onClose={onClose}
    >
      <p>{isRetry ? words.retryText : words.settleText}</p>
      <ReasonFields />
    </ActDialog>
  );
}
