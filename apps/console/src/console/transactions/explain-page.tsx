import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { announce } from "../../announcements.ts";
import { Explanation } from "../../explanation/explanation.tsx";
import { explanationText } from "../../explanation/explanation-text.ts";
import { explainWords } from "../../explanation/words.ts";
import { jifen, toJifenError } from "../../jifen.ts";
import { ledgerWords } from "../../ledger/words.ts";
import { useSession } from "../../session.ts";
import { Button } from "../../ui/button.tsx";
import { CopyId } from "../../ui/copy-id.tsx";
import { Facts } from "../../ui/facts.tsx";
import { ErrorNotice, Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { Actor } from "../actor.tsx";
import { OrderLink } from "../orders/order-link.tsx";
import { LogSteps } from "./log-steps.tsx";
import { hasPrice, PriceNote } from "./price-note.tsx";
import { RefundCharge } from "./refund-charge.tsx";

const route = getRouteApi("/console/transactions/$transactionId");

/** Why a user was charged, or why a balance changed: one page to answer the customer. */
export function ExplainPage() {
  const words = explainWords.useWords();
  const ledger = ledgerWords.useWords();
  const { role } = useSession().session;
  const { transactionId } = route.useParams();
  const [isRefunding, setRefunding] = useState(false);
  const query = useQuery({
    queryKey: ["accounts.explain", transactionId],
    queryFn: () => jifen.accounts.explain.query({ transactionId }),
  });
  const error = toJifenError(query.error);
  const details = query.data;
  const copy = (text: string) => void navigator.clipboard?.writeText(text).then(() => announce(words.copied));
  const isFinance = role === "finance" || role === "admin";
  return (
    <Page
      title={words.title}
      actions={
        details && (
          <>
            <Button onClick={() => copy(explanationText(details, { words, ledger }))}>{words.copyText}</Button>
            <Button onClick={() => copy(JSON.stringify(details, null, 2))}>{words.copyJson}</Button>
            {isFinance && details.refundable > 0 && (
              <Button look="primary" onClick={() => setRefunding(true)}>
                {words.refund}
              </Button>
            )}
          </>
        )
      }
    >
      {error &&
        (error.code === "TRANSACTION_NOT_FOUND" ? (
          <Notice kind="warn">{words.notFound}</Notice>
        ) : (
          <ErrorNotice error={error} onRetry={() => void query.refetch()} />
        ))}
      {details && (
        <>
          <Facts
            facts={[
              {
                term: words.user,
                value: (
                  <Link to="/console/users/$userId" params={{ userId: details.userId }}>
                    {details.userId}
                  </Link>
                ),
              },
              { term: ledger.kind, value: ledger.kinds[details.kind] },
              { term: "ID", value: <CopyId id={details.transactionId} /> },
              ...(details.idempotencyKey === null
                ? []
                : [{ term: words.key, value: <CopyId id={details.idempotencyKey} /> }]),
              ...(details.orderId === null
                ? []
                : [{ term: words.order, value: <OrderLink orderId={details.orderId} /> }]),
            ]}
          />
          <Explanation
            details={details}
            actor={details.actor === null ? words.unknown : <Actor actor={details.actor} />}
            priceNote={hasPrice(details.kind) ? <PriceNote price={details.price} /> : undefined}
            job={details.logs.length > 0 ? { title: words.job, content: <LogSteps logs={details.logs} /> } : undefined}
            link={(id, text) => (
              <Link to="/console/transactions/$transactionId" params={{ transactionId: id }}>
                {text}
              </Link>
            )}
          />
          {isRefunding && <RefundCharge details={details} onClose={() => setRefunding(false)} />}
        </>
      )}
    </Page>
  );
}
