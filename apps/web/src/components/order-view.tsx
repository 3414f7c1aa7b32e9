"use client";

import type { Language } from "@jifen/client";
import { useOrder } from "@jifen/client/react";
import Link from "next/link";
import { type Order, type OrderPhase, orderWordsOf, phaseOf } from "../lib/order-words.ts";
import { OrderPanel } from "./jifen/order-panel";
import { OrderFacts } from "./order-facts.tsx";

/** An order that changes before the eyes of its user. */
export function OrderView({ language, initial }: { language: Language; initial: Order }) {
  const { order = initial, ...state } = useOrder(initial.orderId, { initial });
  return (
    <section className="mx-auto flex w-full max-w-lg flex-col gap-5 rounded-xl border border-line bg-card p-5">
      <OrderPanel order={order} state={state} />
      <NextSteps language={language} phase={phaseOf(order)} />
      <OrderFacts language={language} order={order} />
    </section>
  );
}

/** Where the user goes from here. */
function NextSteps({ language, phase }: { language: Language; phase: OrderPhase }) {
  const say = orderWordsOf(language);
  if (phase === "credited") {
    return (
      <div className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
        <StepLink href="/generate">{say.use}</StepLink>
        <StepLink href="/history">{say.history}</StepLink>
      </div>
    );
  }
  return phase === "closed" || phase === "failed" ? <StepLink href="/top-up">{say.again}</StepLink> : null;
}

const StepLink = ({ href, children }: { href: string; children: string }) => (
  <Link href={href} className="text-sm font-medium underline underline-offset-4">
    {children}
  </Link>
);
