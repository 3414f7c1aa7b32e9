import type { JifenError } from "../error.ts";
import type { JifenInputs, JifenOutputs } from "../router.ts";
import { useAct } from "./act.ts";
import { useCharge } from "./charge.ts";
import { type Pages, useLoaded, usePages, useRead } from "./loaded.ts";
import { useJifenState } from "./provider.tsx";

/** An order of a pack. */
export type Order = JifenOutputs["orders"]["find"];

/** A pack on sale, with the ways to pay for it. */
export type Pack = JifenOutputs["catalogue"]["find"]["packs"][number];

/** How often an open order is read. */
const READ_MS = 1_000;
/** At every so many reads the payment provider is asked as well, in case that its notice was lost. */
const ASK_EVERY = 4;
/** After this many reads it is read less often: the user has left the page open. */
const FAST_READS = 600;
const SLOW_READ_MS = 10_000;

/** Whether an order can change within seconds. Those that staff looks at do not. */
const isMoving = ({ state, needsHelp }: Pick<Order, "state" | "needsHelp">): boolean =>
  !needsHelp && ["new", "open", "paid"].includes(state);

/** An order, and what its user can do with it. */
export type OrderState = {
  readonly order: Order | undefined;
  readonly isLoading: boolean;
  /** What was asked for and has not been answered. */
  readonly task: "check" | "cancel" | undefined;
  /** Whether the provider did not close an order that was to be cancelled. */
  readonly isNotCancelled: boolean;
  /** Why the order could not be read, or the last task failed. */
  readonly error: JifenError | undefined;
  /** Asks the payment provider now. */
  check(): Promise<Order | undefined>;
  /** Closes the order at the provider. It stays open if the provider cannot close orders. */
  cancel(): Promise<Order | undefined>;
};

/** An order that is read again while it can change. After a change everything of the user is read again. */
export function useOrder(orderId: string | undefined, { initial }: { initial?: Order | undefined } = {}): OrderState {
  const { jifen, queries, keyOf, refreshAll } = useJifenState();
  const key = keyOf("orders.find", orderId);
  const query = useRead<Order>({
    path: "orders.find",
    input: orderId,
    read: async (_, signal) => {
      const input = { orderId: orderId ?? "" };
      const find = () => jifen.orders.find.query(input, { signal });
      const { data: before, dataUpdateCount } = queries.getQueryState<Order>(key) ?? {};
      const asks = before !== undefined && (dataUpdateCount ?? 0) % ASK_EVERY === ASK_EVERY - 1 && isMoving(before);
      const found = await (asks ? jifen.orders.check.mutate(input, { signal }).catch(find) : find());
      if (before !== undefined && before.state !== found.state) refreshAll((path) => path === "orders.find");
      return found;
    },
    options: {
      enabled: orderId !== undefined,
      initialData: initial?.orderId === orderId ? initial : undefined,
      refetchInterval: ({ state: { data, dataUpdateCount } }) => {
        if (!data || !isMoving(data)) return false;
        return dataUpdateCount < FAST_READS ? READ_MS : SLOW_READ_MS;
      },
    },
  });
  const { run, isPending, value, input, error } = useAct(async (task: "check" | "cancel") => {
    const found = await jifen.orders[task].mutate({ orderId: orderId ?? "" });
    queries.setQueryData(key, found);
    return found;
  });
  return {
    order: query.data,
    isLoading: query.isLoading,
    task: isPending ? input : undefined,
    isNotCancelled: input === "cancel" && value?.state === "open",
    error: error ?? (query.data === undefined ? (query.error ?? undefined) : undefined),
    check: () => run("check"),
    cancel: () => run("cancel"),
  };
}

/** The orders of the user, newest first. */
export const useOrders = (filter: Omit<JifenInputs["orders"]["list"], "cursor"> = {}): Pages<Order> =>
  usePages({
    path: "orders.list",
    input: filter,
    read: (jifen, cursor, signal) => jifen.orders.list.query({ ...filter, ...cursor }, { signal }),
  });

/** What is ordered: a pack, a channel and a method of it. */
export type NewOrder = Omit<JifenInputs["orders"]["create"], "idempotencyKey">;

/** Buying a pack. */
export type TopUp = Omit<OrderState, "error"> & {
  readonly packs: readonly Pack[];
  /** Orders a pack, with one idempotency key per press. The order says how to pay. */
  start(wanted: NewOrder): Promise<Order | undefined>;
  readonly isStarting: boolean;
  readonly error: JifenError | undefined;
  /** Leaves the order, to choose again. */
  reset(): void;
};

/** The packs on sale, and the order of one of them, read until it is final. */
export function useTopUp(): TopUp {
  const { jifen, language } = useJifenState();
  const catalogue = useLoaded({
    path: "catalogue.find",
    input: language,
    read: (_, signal) => jifen.catalogue.find.query({ language }, { signal }),
  });
  const start = useCharge("orders.create", (wanted: NewOrder, idempotencyKey) =>
    jifen.orders.create.mutate({ ...wanted, idempotencyKey }),
  );
  const placed = start.value;
  const { error, ...placedOrder } = useOrder(placed?.orderId, { initial: placed });
  return {
    ...placedOrder,
    packs: catalogue.data?.packs ?? [],
    isLoading: catalogue.isLoading,
    start: start.run,
    isStarting: start.isPending,
    reset: start.reset,
    error: start.error ?? error ?? catalogue.error ?? undefined,
  };
}
