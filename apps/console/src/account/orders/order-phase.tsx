import type { JifenOutputs } from "@jifen/client";
import { Badge } from "../../ui/badge.tsx";
import { topUpWords } from "../topup/words.ts";

/** An order of the user. */
export type Order = JifenOutputs["orders"]["find"];

/** What an order looks like to its user. `help`: staff looks at a payment of it. */
export type OrderPhase = "preparing" | "waiting" | "paid" | "credited" | "closed" | "failed" | "help";

const phases = {
  new: "preparing",
  open: "waiting",
  paid: "paid",
  credited: "credited",
  closed: "closed",
  failed: "failed",
} as const satisfies Record<Order["state"], OrderPhase>;

/** The phase of an order. Credits that arrived are the news, also while staff looks at a second payment. */
export const phaseOf = ({ state, needsHelp }: Pick<Order, "state" | "needsHelp">): OrderPhase =>
  needsHelp && state !== "credited" ? "help" : phases[state];

/** Whether the order can change within seconds. */
export const isMoving = (order: Pick<Order, "state" | "needsHelp">): boolean =>
  ["preparing", "waiting", "paid"].includes(phaseOf(order));

const looks = {
  preparing: "plain",
  waiting: "warn",
  paid: "good",
  credited: "good",
  closed: "plain",
  failed: "bad",
  help: "warn",
} as const satisfies Record<OrderPhase, string>;

/** The phase in words. */
export function PhaseBadge({ phase }: { readonly phase: OrderPhase }) {
  const words = topUpWords.useWords();
  return <Badge kind={looks[phase]}>{words.phases[phase]}</Badge>;
}
