import type { JifenOutputs } from "@jifen/client";
import type { ReactNode } from "react";
import { ledgerWords } from "../ledger/words.ts";
import { CopyId } from "../ui/copy-id.tsx";
import { Change, Credits, Time } from "../ui/figures.tsx";
import { formatNumber } from "../ui/format.ts";
import { GrantParts } from "./grant-parts.tsx";
import { PriceStep } from "./price-step.tsx";
import { Steps } from "./steps.tsx";
import { explainWords } from "./words.ts";

/** A transaction with all that belongs to it, as its user sees it. */
export type Details = JifenOutputs["transactions"]["find"];

type Extra = { readonly title: string; readonly content: ReactNode };

type ExplanationProps = {
  readonly details: Details;
  /** What only staff sees of the price. */
  readonly priceNote?: ReactNode;
  /** What stands between the hold and the result: the job. */
  readonly job?: Extra | undefined;
  /** Who asked, where it may be shown. */
  readonly actor?: ReactNode;
  /** The page of another transaction. */
  readonly link: (transactionId: string, text: ReactNode) => ReactNode;
};

/** Why a transaction is there, step by step. */
export function Explanation({ details, priceNote, job, actor, link }: ExplanationProps) {
  const words = explainWords.useWords();
  const ledger = ledgerWords.useWords();
  const { hold, refunds, refundable, charge, grants, change, balanceAfter, price } = details;
  const isCharge = details.kind === "consume" || details.kind === "capture";
  return (
    <Steps
      steps={[
        { title: words.asked, content: <Asked details={details} actor={actor} /> },
        ...(price === null && priceNote === undefined
          ? []
          : [
              {
                title: words.price,
                content: price ? <PriceStep price={price} amount={details.amount} note={priceNote} /> : priceNote,
              },
            ]),
        ...(hold ? [{ title: words.held, content: <HoldStep hold={hold} /> }] : []),
        ...(job ? [job] : []),
        {
          title: words.change,
          content: (
            <p>
              {ledger.kinds[details.kind]} <Credits value={details.amount} /> · {words.balance}{" "}
              {change === 0 ? (
                formatNumber(balanceAfter)
              ) : (
                <>
                  {formatNumber(balanceAfter - change)} → {formatNumber(balanceAfter)} (<Change value={change} />)
                </>
              )}
            </p>
          ),
        },
        ...(grants.length > 0
          ? [{ title: isCharge ? words.grants : words.toGrants, content: <GrantParts parts={grants} /> }]
          : []),
        ...(charge === null ? [] : [{ title: words.ofCharge, content: <p>{link(charge, charge)}</p> }]),
        ...(isCharge
          ? [
              {
                title: words.refunds,
                content: (
                  <>
                    {refunds.length === 0 && <p className="text-muted">{words.noRefunds}</p>}
                    {refunds.map(({ transactionId, amount, createdAt, reason }) => (
                      <p key={transactionId}>
                        <Time at={createdAt} /> · {link(transactionId, formatNumber(amount))}
                        {reason !== null && ` · ${reason}`}
                      </p>
                    ))}
                    <p className="text-muted">{words.refundsLeft(formatNumber(refundable))}</p>
                  </>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

function Asked({ details, actor }: { readonly details: Details; readonly actor?: ReactNode }) {
  const words = explainWords.useWords();
  return (
    <>
      <p>
        <Time at={details.createdAt} /> · {details.action}
      </p>
      {actor !== undefined && (
        <p>
          {words.by}: {actor}
        </p>
      )}
      {details.requestId !== null && (
        <p>
          {words.requestId}: <CopyId id={details.requestId} />
        </p>
      )}
    </>
  );
}

function HoldStep({ hold }: { readonly hold: NonNullable<Details["hold"]> }) {
  const words = explainWords.useWords();
  const ledger = ledgerWords.useWords();
  const back = hold.released + hold.expired;
  return (
    <>
      <p>
        <Time at={hold.createdAt} /> · {words.heldText(formatNumber(hold.amount), ledger.holdStates[hold.state])}
      </p>
      {hold.resolvedAt !== null && (
        <p>
          <Time at={hold.resolvedAt} /> · {words.captured(formatNumber(hold.captured), formatNumber(back))}
        </p>
      )}
      <p>
        <CopyId id={hold.holdId} />
      </p>
    </>
  );
}
