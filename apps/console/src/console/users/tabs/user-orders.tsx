import { jifen } from "../../../jifen.ts";
import { List } from "../../../ui/list.tsx";
import { usePages } from "../../../use-pages.ts";
import { orderColumns } from "../../orders/order-columns.tsx";
import { ordersWords } from "../../orders/words.ts";

/** The orders of a user. */
export function UserOrders({ userId }: { readonly userId: string }) {
  const words = ordersWords.useWords();
  const orders = usePages({
    key: ["adminOrders.list", { userId }],
    read: (cursor) => jifen.adminOrders.list.query({ userId, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  return (
    <List
      pages={orders}
      caption={words.table}
      rowKey={({ orderId }) => orderId}
      columns={orderColumns(words, { hasUser: false })}
      empty={words.emptyOfUser}
    />
  );
}
