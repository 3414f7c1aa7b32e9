import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { ordersWords } from "../words.ts";

type CheckOrderProps = { readonly orderId: string; readonly onClose: () => void };

/** Asks the payment provider about an order. */
export function CheckOrder({ orderId, onClose }: CheckOrderProps) {
  const words = ordersWords.useWords();
  return (
    <ActDialog
      act={`check:${orderId}`}
      title={words.checkTitle}
      submit={words.check}
      done={words.checkDone}
      perform={() => jifen.adminOrders.check.mutate({ orderId })}
      onClose={onClose}
    >
      <p>{words.checkText}</p>
    </ActDialog>
  );
}
