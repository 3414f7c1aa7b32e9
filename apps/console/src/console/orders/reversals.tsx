import { useState } from "react";
import { useSession } from "../../session.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyId } from "../../ui/copy-id.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Actor } from "../actor.tsx";
import { DecideReversal, type Decision } from "./acts/decide-reversal.tsx";
import { Money } from "./money.tsx";
import { reasonText } from "./named.ts";
import type { OrderFile, Reversal } from "./types.ts";
import { ordersWords } from "./words.ts";

const kinds = {
  asked: "warn",
  taken: "warn",
  sent: "warn",
  done: "good",
  failing: "warn",
  failed: "plain",
  stuck: "bad",
} as const;

/** The refunds and disputes of an order. A stuck one can be retried, or confirmed. */
export function Reversals({ order: { reversals, events } }: { readonly order: OrderFile }) {
  const words = ordersWords.useWords();
  const { role } = useSession().session;
  const [open, setOpen] = useState<{ readonly reversalId: string; readonly decision: Decision }>();
  const isFinance = role === "finance" || role === "admin";
  if (reversals.length === 0) return <p className="text-muted">{words.noReversals}</p>;
  return (
    <>
      <ul className="grid gap-3">
        {reversals.map((reversal) => {
          const { reversalId, state } = reversal;
          return (
            <li key={reversalId} className="grid gap-3 rounded-md border border-line bg-card p-3">
              <ReversalFacts reversal={reversal} why={whyOf(events, reversalId)} />
              {isFinance && state === "stuck" && (
                <div className="flex flex-wrap gap-2">
                  <Button onClick={() => setOpen({ reversalId, decision: "retry" })}>{words.retry}</Button>
                  <Button onClick={() => setOpen({ reversalId, decision: "settle" })}>{words.settle}</Button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {open && <DecideReversal {...open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

/** What the last event of a reversal says about its cause. */
function whyOf(events: OrderFile["events"], reversalId: string): string | undefined {
  const why = events.findLast(({ details }) => details?.["reversalId"] === reversalId)?.details?.["why"];
  return typeof why === "string" ? why : undefined;
}

function ReversalFacts({ reversal, why }: { readonly reversal: Reversal; readonly why: string | undefined }) {
  const words = ordersWords.useWords();
  const { kind, state, rule, takenCredits, takenBonus, shortfall } = reversal;
  return (
    <Facts
      facts={[
        { term: words.kind, value: words.reversalKinds[kind] },
        { term: words.state, value: <Badge kind={kinds[state]}>{words.reversalStates[state]}</Badge> },
        { term: words.amount, value: <Money amount={reversal.amount} /> },
        {
          term: words.taken,
          value: (
            <>
              {formatNumber(takenCredits)}
              {takenBonus > 0 && ` + ${formatNumber(takenBonus)}`}
              <span className="block text-muted">{words.rules[rule]}</span>
              {shortfall > 0 && <span className="block text-warn">{words.shortfall(formatNumber(shortfall))}</span>}
            </>
          ),
        },
        ...(why === undefined ? [] : [{ term: words.cause, value: reasonText(words, why) }]),
        ...(reversal.reason === null ? [] : [{ term: words.reason, value: reversal.reason }]),
        { term: words.by, value: <Actor actor={reversal.by} /> },
        { term: words.time, value: <Time at={reversal.at} /> },
        ...(reversal.providerId === null ? [] : [{ term: words.provider, value: <CopyId id={reversal.providerId} /> }]),
        { term: words.reversal, value: <CopyId id={reversal.reversalId} /> },
      ]}
    />
  );
}
