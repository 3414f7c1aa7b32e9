import type { JifenOutputs } from "@jifen/client";
import { useState } from "react";
import { explainWords } from "../../explanation/words.ts";
import { jifen } from "../../jifen.ts";
import { ActDialog } from "../../ui/act-dialog.tsx";
import { NumberField } from "../../ui/field.tsx";
import { formatNumber } from "../../ui/format.ts";
import { ReasonFields, reasonOf } from "../users/acts/reason-fields.tsx";

type RefundChargeProps = {
  readonly details: JifenOutputs["accounts"]["explain"];
  readonly onClose: () => void;
};

/** Refunds a charge, all that is left of it or a part. */
export function RefundCharge({ details: { transactionId, refundable }, onClose }: RefundChargeProps) {
  const words = explainWords.useWords();
  const [text, setText] = useState(String(refundable));
  const amount = Number(text);
  return (
    <ActDialog
      act={`refund:${transactionId}`}
      title={words.refundTitle}
      submit={words.refundSubmit(formatNumber(amount || 0))}
      done={words.refundDone(formatNumber(amount || 0))}
      perform={(values, idempotencyKey) =>
        jifen.refunds.create.mutate({
          transactionId,
          amount: Number(values.get("amount")),
          ...reasonOf(values),
          idempotencyKey,
        })
      }
      onClose={onClose}
    >
      <NumberField
        name="amount"
        label={words.refundAmount}
        hint={words.refundHint(formatNumber(refundable))}
        value={text}
        onChange={({ target }) => setText(target.value)}
        required
      />
      <ReasonFields hasNote />
    </ActDialog>
  );
}
