import { useState } from "react";
import { useSession } from "../../session.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyId } from "../../ui/copy-id.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { RefundPayment } from "./acts/refund-payment.tsx";
import { Money } from "./money.tsx";
import { channelName, reasonText, sourceName } from "./named.ts";
import { TransactionLink } from "./transaction-link.tsx";
import type { OrderFile, Payment } from "./types.ts";
import { ordersWords } from "./words.ts";

const kinds = { accepted: "warn", credited: "good", review: "bad", returned: "plain", dismissed: "plain" } as const;

/** The payments of an order, each with what it granted and what can be done. */
export function Payments({ order: { payments } }: { readonly order: OrderFile }) {
  const words = ordersWords.useWords();
  const { role } = useSession().session;
  const [refunding, setRefunding] = useState<Payment>();
  const isFinance = role === "finance" || role === "admin";
  if (payments.length === 0) return <p className="text-muted">{words.noPayments}</p>;
  return (
    <>
      <ul className="grid gap-3">
        {payments.map((payment) => (
          <li key={payment.paymentId} className="grid gap-3 rounded-md border border-line bg-card p-3">
            <PaymentFacts payment={payment} />
            {isFinance && (payment.state === "credited" || payment.state === "review") && (
              <div>
                <Button onClick={() => setRefunding(payment)}>{words.refund}</Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {refunding && (
        <RefundPayment
          paymentId={refunding.paymentId}
          paidMinor={refunding.amount.minor}
          onClose={() => setRefunding(undefined)}
        />
      )}
    </>
  );
}

function PaymentFacts({ payment }: { readonly payment: Payment }) {
  const words = ordersWords.useWords();
  const { state, amount, credits, bonusCredits, transactionId, bonusTransactionId } = payment;
  return (
    <Facts
      facts={[
        {
          term: words.state,
          value: (
            <span className="inline-flex flex-wrap gap-1">
              <Badge kind={kinds[state]}>{words.paymentStates[state]}</Badge>
              {payment.disputed && <Badge kind="bad">{words.disputed}</Badge>}
              {!payment.live && <Badge>{words.testMoney}</Badge>}
            </span>
          ),
        },
        { term: words.amount, value: <Money amount={amount} /> },
        ...(payment.reason === null ? [] : [{ term: words.reason, value: reasonText(words, payment.reason) }]),
        {
          term: words.credits,
          value: `${formatNumber(credits)}${bonusCredits > 0 ? ` + ${formatNumber(bonusCredits)}` : ""}`,
        },
        { term: words.paidAt, value: <Time at={payment.paidAt} /> },
        { term: words.channel, value: `${channelName(words, payment.channel)} · ${payment.merchant}` },
        { term: words.source, value: sourceName(words, payment.source) },
        { term: words.provider, value: <CopyId id={payment.providerId} /> },
        { term: words.payment, value: <CopyId id={payment.paymentId} /> },
        ...(transactionId === null
          ? []
          : [{ term: words.grant, value: <TransactionLink transactionId={transactionId} /> }]),
        ...(bonusTransactionId === null
          ? []
          : [{ term: words.bonusGrant, value: <TransactionLink transactionId={bonusTransactionId} /> }]),
      ]}
    />
  );
}
