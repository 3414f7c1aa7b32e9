import { CopyId } from "../../ui/copy-id.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatMoney } from "../../ui/format.ts";
import { wayName } from "../topup/ways.ts";
import { topUpWords } from "../topup/words.ts";
import type { Order } from "./order-phase.tsx";

/** What stays true of an order. */
export function OrderFacts({ order }: { readonly order: Order }) {
  const words = topUpWords.useWords();
  const { orderId, createdAt, paidAt, refunded } = order;
  return (
    <Facts
      facts={[
        { term: words.way, value: wayName(order, words) },
        { term: words.ordered, value: <Time at={createdAt} /> },
        ...(paidAt === null ? [] : [{ term: words.paidAt, value: <Time at={paidAt} /> }]),
        ...(refunded.minor === 0
          ? []
          : [{ term: words.refunded, value: formatMoney(refunded.minor, refunded.currency) }]),
        { term: words.number, value: <CopyId id={orderId} /> },
      ]}
    />
  );
}
