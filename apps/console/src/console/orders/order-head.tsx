import { CopyId } from "../../ui/copy-id.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Money } from "./money.tsx";
import { channelName } from "./named.ts";
import { OrderState } from "./order-state.tsx";
import type { OrderFile } from "./types.ts";
import { UserLink } from "./user-link.tsx";
import { ordersWords } from "./words.ts";

/** What was ordered, by whom, and how far it is. */
export function OrderHead({ order }: { readonly order: OrderFile }) {
  const words = ordersWords.useWords();
  const { credits, bonusCredits, channel, method, merchant, refunded } = order;
  return (
    <Facts
      facts={[
        { term: words.state, value: <OrderState order={order} /> },
        { term: words.amount, value: <Money amount={order.amount} /> },
        {
          term: words.credits,
          value: (
            <>
              {formatNumber(credits)}
              {bonusCredits > 0 && <span className="text-muted"> {words.bonus(formatNumber(bonusCredits))}</span>}
            </>
          ),
        },
        ...(refunded.minor > 0 ? [{ term: words.refunded, value: <Money amount={refunded} /> }] : []),
        { term: words.user, value: <UserLink userId={order.userId} /> },
        { term: words.channel, value: `${channelName(words, channel)} · ${method}` },
        { term: words.merchant, value: merchant },
        { term: words.created, value: <Time at={order.createdAt} /> },
        { term: words.expires, value: <Time at={order.expiresAt} /> },
        ...(order.paidAt === null ? [] : [{ term: words.paidAt, value: <Time at={order.paidAt} /> }]),
        ...(order.creditedAt === null ? [] : [{ term: words.creditedAt, value: <Time at={order.creditedAt} /> }]),
        { term: "ID", value: <CopyId id={order.orderId} /> },
      ]}
    />
  );
}
