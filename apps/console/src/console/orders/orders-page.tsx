import { getRouteApi } from "@tanstack/react-router";
import { jifen } from "../../jifen.ts";
import { List } from "../../ui/list.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { dayFields, setFilters } from "../../ui/set-filters.ts";
import { usePages } from "../../use-pages.ts";
import { channelName } from "./named.ts";
import { orderColumns } from "./order-columns.tsx";
import { OrderFilters } from "./order-filters.tsx";
import { toOrderFilter } from "./order-search.ts";
import { isWholeUser } from "./searched.ts";
import { WaitingOrders } from "./waiting-orders.tsx";
import { ordersWords } from "./words.ts";

const route = getRouteApi("/console/orders");

/** The orders of all users, newest first, and those that wait. */
export function OrdersPage() {
  const words = ordersWords.useWords();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isSearchable = search.user === undefined || isWholeUser(search.user);
  const filter = toOrderFilter(search);
  const orders = usePages({
    key: ["adminOrders.list", filter],
    read: (cursor) => jifen.adminOrders.list.query({ ...filter, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  const { user, state, channel } = search;
  const filters = setFilters(
    {
      [words.find]: user,
      [words.state]: state && words.states[state],
      [words.channel]: channel && channelName(words, channel),
      ...dayFields(words, search),
    },
    () => void navigate({ search: {}, replace: true }),
  );
  return (
    <Page title={words.title}>
      <WaitingOrders />
      <OrderFilters search={search} />
      {!isSearchable && <Notice kind="plain">{words.findWhole}</Notice>}
      <List
        pages={orders}
        caption={words.table}
        rowKey={({ orderId }) => orderId}
        columns={orderColumns(words, { hasUser: true })}
        empty={words.empty}
        filters={filters}
      />
    </Page>
  );
}
