import type { Language } from "@jifen/client";
import { type OrderPhase, orderWordsOf } from "../lib/order-words.ts";

const styles: Readonly<Record<OrderPhase, string>> = {
  preparing: "border-line text-muted",
  waiting: "border-muted text-ink",
  paid: "border-good-line bg-good text-good-ink",
  credited: "border-good-line bg-good text-good-ink",
  closed: "border-line text-muted",
  failed: "border-line text-muted",
  help: "border-muted text-ink",
};

/** The phase of an order in words. */
export function PhaseBadge({ language, phase }: { language: Language; phase: OrderPhase }) {
  return (
    <span className={`rounded-full border px-2.5 py-0.5 text-sm whitespace-nowrap ${styles[phase]}`}>
      {orderWordsOf(language).phase[phase]}
    </span>
  );
}
