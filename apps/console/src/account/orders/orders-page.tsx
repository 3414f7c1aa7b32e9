import { getRouteApi, Link, Navigate } from "@tanstack/react-router";
import { jifen } from "../../jifen.ts";
import { language } from "../../language.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatMoney } from "../../ui/format.ts";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { usePages } from "../../use-pages.ts";
import { wayName } from "../topup/ways.ts";
import { topUpWords } from "../topup/words.ts";
import { PhaseBadge, phaseOf } from "./order-phase.tsx";

const route = getRouteApi("/account/orders");

/** The orders of the user. Payment providers send browsers back here, with the id of the order. */
export function OrdersPage() {
  const { order } = route.useSearch();
  return order === undefined ? (
    <OrderList />
  ) : (
    <Navigate to="/account/topup/$orderId" params={{ orderId: order }} replace />
  );
}

function OrderList() {
  const words = topUpWords.useWords();
  const orders = usePages({
    key: ["orders.list"],
    read: (cursor) => jifen.orders.list.query({ limit: 20, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <Page
      title={words.orders}
      actions={
        <ButtonLink to="/account/topup" look="primary">
          {words.title}
        </ButtonLink>
      }
    >
      <List
        pages={orders}
        caption={words.orders}
        rowKey={({ orderId }) => orderId}
        empty={words.noOrders}
        columns={[
          {
            title: words.item,
            cell: ({ orderId, item, createdAt }) => (
              <>
                <Link to="/account/topup/$orderId" params={{ orderId }}>
                  {item.title[language]}
                </Link>
                <span className="block text-muted md:hidden">
                  <Time at={createdAt} form="short" />
                </span>
              </>
            ),
          },
          { title: words.ordered, isWide: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
          { title: words.way, isWide: true, cell: (order) => wayName(order, words) },
          { title: words.state, isWide: true, cell: (order) => <PhaseBadge phase={phaseOf(order)} /> },
          {
            title: words.amount,
            isNumber: true,
            cell: (order) => (
              <>
                {formatMoney(order.amount.minor, order.amount.currency)}
                <span className="block md:hidden">
                  <PhaseBadge phase={phaseOf(order)} />
                </span>
              </>
            ),
          },
        ]}
      />
    </Page>
  );
}
