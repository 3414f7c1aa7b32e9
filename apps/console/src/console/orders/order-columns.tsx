import { Link } from "@tanstack/react-router";
import { language } from "../../language.ts";
import { CopyId } from "../../ui/copy-id.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Credits, Time } from "../../ui/figures.tsx";
import { Money } from "./money.tsx";
import { channelName } from "./named.ts";
import { OrderState } from "./order-state.tsx";
import type { Order } from "./types.ts";
import { UserLink } from "./user-link.tsx";
import type { OrdersTexts } from "./words.ts";

/** A whole id would take half of the row; its page and the copy button have it. */
const SHOWN_ID = 8;

/** The columns of a list of orders. Those of one user do not name the user. */
export const orderColumns = (
  words: OrdersTexts,
  { hasUser }: { readonly hasUser: boolean },
): readonly Column<Order>[] => [
  { title: words.time, isWide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    title: words.order,
    cell: ({ orderId, item, createdAt, userId, ...order }) => (
      <>
        <Link to="/console/orders/$orderId" params={{ orderId }}>
          {item.title[language]}
        </Link>
        <span className="hidden text-muted md:block">
          <CopyId id={orderId}>{orderId.slice(0, SHOWN_ID)}…</CopyId>
        </span>
        <span className="mt-0.5 block md:hidden">
          <OrderState order={order} />
        </span>
        <span className="block text-muted md:hidden">
          <Time at={createdAt} />
          {hasUser && (
            <>
              {" "}
              · <UserLink userId={userId} />
            </>
          )}
        </span>
      </>
    ),
  },
  ...(hasUser ? [{ title: words.user, isWide: true, cell: ({ userId }: Order) => <UserLink userId={userId} /> }] : []),
  { title: words.channel, isWide: true, cell: ({ channel }) => channelName(words, channel) },
  { title: words.amount, isNumber: true, cell: ({ amount }) => <Money amount={amount} /> },
  {
    title: words.credits,
    isNumber: true,
    isWide: true,
    cell: ({ credits, bonusCredits }) => (
      <>
        <Credits value={credits} />
        {bonusCredits > 0 && (
          <span className="block text-muted">
            +<Credits value={bonusCredits} />
          </span>
        )}
      </>
    ),
  },
  { title: words.state, isWide: true, cell: (order) => <OrderState order={order} /> },
];
