import { Badge } from "../../ui/badge.tsx";
import type { Order, OrderState as State } from "./types.ts";
import { ordersWords } from "./words.ts";

const kinds = { new: "plain", open: "plain", failed: "bad", closed: "plain", paid: "warn", credited: "good" } as const;

/** The state of an order, and whether a person has to look at it. */
export function OrderState({ order: { state, needsHelp } }: { readonly order: Pick<Order, "state" | "needsHelp"> }) {
  const words = ordersWords.useWords();
  const kind: (typeof kinds)[State] = kinds[state];
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge kind={kind}>{words.states[state]}</Badge>
      {needsHelp && <Badge kind="bad">{words.needsHelp}</Badge>}
    </span>
  );
}
