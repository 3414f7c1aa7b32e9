import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { jifen } from "../../jifen.ts";
import { queryClient } from "../../query-client.ts";
import { isMoving, type Order } from "./order-phase.tsx";

/** How often the page reads an order that can change. */
const READ_MS = 1_500;
/** At every so many reads the payment provider is asked as well, in case that its notice was lost. */
const ASK_EVERY = 4;
/** After this many reads the page reads less often: it was left open. */
const FAST_READS = 400;
const SLOW_READ_MS = 10_000;

/** The key of an order in the cache. */
export const orderKey = (orderId: string) => ["orders.find", orderId] as const;

/** An order, which is read again while it can change and the page is visible. Only the order says whether it is paid. */
export function useOrder(orderId: string): UseQueryResult<Order> {
  const reads = useRef(0);
  const query = useQuery({
    queryKey: orderKey(orderId),
    queryFn: () => {
      reads.current += 1;
      const find = () => jifen.orders.find.query({ orderId });
      // A refusal of the provider is no answer: the next read says more.
      return reads.current % ASK_EVERY === 0 ? jifen.orders.check.mutate({ orderId }).catch(find) : find();
    },
    refetchInterval: ({ state: { data } }) =>
      data && isMoving(data) && (reads.current < FAST_READS ? READ_MS : SLOW_READ_MS),
  });
  const state = query.data?.state;
  const previous = useRef(state);
  useEffect(() => {
    // The balance has changed as well.
    if (state === "credited" && previous.current !== undefined && previous.current !== state) {
      void queryClient.invalidateQueries();
    }
    previous.current = state;
  }, [state]);
  return query;
}
