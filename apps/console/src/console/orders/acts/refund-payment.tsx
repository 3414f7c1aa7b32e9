import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { jifen, toJifenError } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { CheckField } from "../../../ui/check-field.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { parseMoney } from "../../../ui/money.ts";
import { ErrorNotice, Notice } from "../../../ui/notice.tsx";
import { ReasonFields, reasonOf } from "../../users/acts/reason-fields.tsx";
import { moneyOf } from "../money.tsx";
import type { Refundable } from "../types.ts";
import { ordersWords } from "../words.ts";
import { RefundAmount } from "./refund-amount.tsx";

type RefundPaymentProps = {
  readonly paymentId: string;
  /** What was paid, in minor units. */
  readonly paidMinor: number;
  readonly onClose: () => void;
};

/** Refunds a payment, after it was read how much can be returned and why not more. */
export function RefundPayment({ paymentId, paidMinor, onClose }: RefundPaymentProps) {
  const words = ordersWords.useWords();
  const query = useQuery({
    queryKey: ["adminReversals.refundable", paymentId],
    queryFn: () => jifen.adminReversals.refundable.query({ paymentId }),
    // The terms stay those that the person has read while the dialog is open; the server decides in the end.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
    refetchOnWindowFocus: false,
  });
  const terms = query.isFetchedAfterMount ? query.data : undefined;
  const error = toJifenError(query.error);
  if (terms && terms.left.minor > 0) return <RefundForm {...{ terms, paidMinor, onClose }} />;
  return (
    <Dialog title={words.refundTitle} onClose={onClose}>
      {error && <ErrorNotice error={error} onRetry={() => void query.refetch()} />}
      {terms?.why && <Notice kind="warn">{words.why[terms.why]}</Notice>}
      {!terms && !error && <p role="status">{words.loadingTerms}</p>}
    </Dialog>
  );
}

type RefundFormProps = Omit<RefundPaymentProps, "paymentId"> & { readonly terms: Refundable };

function RefundForm({ terms, paidMinor, onClose }: RefundFormProps) {
  const words = ordersWords.useWords();
  const { paymentId, most, left, why, credits, bonusCredits, parts } = terms;
  const [text, setText] = useState(most.minor > 0 ? most.text : left.text);
  const [isGoodwill, setGoodwill] = useState(most.minor === 0);
  const amountMinor = parseMoney(text, left.currency);
  const shown = amountMinor === undefined ? "" : moneyOf({ minor: amountMinor, currency: left.currency });
  const isByHand = terms.byHand || (!parts && amountMinor !== paidMinor);
  const perform = (values: FormData, idempotencyKey: string) => {
    const minor = parseMoney(String(values.get("amountMinor")), left.currency);
    return jifen.adminReversals.refund.mutate({
      ...{ paymentId, ...reasonOf(values), idempotencyKey },
      ...{ goodwill: values.has("isGoodwill"), byHand: values.has("isByHand"), keepCredits: values.has("keepCredits") },
      ...(minor !== undefined && { amountMinor: minor }),
    });
  };
  return (
    <ActDialog
      act={`refundPayment:${paymentId}`}
      title={words.refundTitle}
      submit={words.refundSubmit(shown)}
      done={words.refundDone(shown)}
      isDanger
      isDisabled={amountMinor === undefined}
      {...{ perform, onClose }}
    >
      {why && <Notice kind="warn">{words.why[why]}</Notice>}
      <RefundAmount {...{ terms, text }} onText={setText} />
      <div className="text-muted">
        {most.minor > 0 && <p>{words.refundTakes(formatNumber(credits), formatNumber(bonusCredits))}</p>}
        <p>{words.remaining(formatNumber(terms.remainingCredits))}</p>
      </div>
      {most.minor < left.minor && (
        <CheckField
          name="goodwill"
          label={words.goodwill}
          hint={words.goodwillHint}
          checked={isGoodwill}
          onChange={({ target }) => setGoodwill(target.checked)}
        />
      )}
      {isGoodwill && <CheckField name="keepCredits" label={words.keepCredits} hint={words.keepCreditsHint} />}
      {isByHand && <CheckField name="byHand" label={words.byHand} hint={words.byHandHint} required />}
      {isGoodwill && <input type="hidden" name="isGoodwill" value="goodwill" />}
      {isByHand && <input type="hidden" name="isByHand" value="by hand" />}
      <ReasonFields hasNote />
    </ActDialog>
  );
}
