import type { Language } from "@jifen/client";
import type { ReactNode } from "react";
import { moneyLabel } from "../lib/money.ts";
import { type Order, orderWordsOf } from "../lib/order-words.ts";
import { wayName } from "./jifen/top-up-panel";
import { LocalTime } from "./local-time.tsx";

/** What was ordered, when, and how it was paid. */
export function OrderFacts({ language, order }: { language: Language; order: Order }) {
  const say = orderWordsOf(language);
  const { refunded } = order;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 border-t border-line pt-5 text-sm">
      <Fact name={say.way}>{wayName(order.channel, order.method, language)}</Fact>
      <Fact name={say.madeAt}>
        <LocalTime language={language} iso={order.createdAt} />
      </Fact>
      {order.paidAt !== null && (
        <Fact name={say.paidAt}>
          <LocalTime language={language} iso={order.paidAt} />
        </Fact>
      )}
      {refunded.minor > 0 && <Fact name={say.refunded}>{moneyLabel(refunded)}</Fact>}
      <Fact name={say.number}>
        <span className="font-mono text-xs break-all">{order.orderId}</span>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="text-right">{children}</dd>
    </>
  );
}
