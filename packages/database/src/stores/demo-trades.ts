import type { Records, StoredRecord } from "../records/records.ts";

/** A trade of the channel `demo`, as its provider would keep it. */
export type DemoTrade = StoredRecord<"demo_trades">;

/** A trade to store. */
export type NewDemoTrade = Omit<DemoTrade, "closedAtMs" | "payments" | "refunds" | "revision">;

/** What a change of a trade sets. */
export type DemoTradeChange = Partial<Pick<DemoTrade, "closedAtMs" | "payments" | "refunds">>;

/** Trades of the channel `demo`, by the number of the order. Every operation rejects as `Records` does. */
export type DemoTradeStore = {
  /** Stores a trade unless there is one of this number. @returns the trade that is stored then */
  open(trade: NewDemoTrade): Promise<DemoTrade>;
  find(id: string): Promise<DemoTrade | undefined>;
  /** Changes a trade, unless it was changed since it was read. @returns whether it was changed now */
  change(trade: Pick<DemoTrade, "id" | "revision">, set: DemoTradeChange): Promise<boolean>;
};

/** Trades of the channel `demo` on any database. */
export const createDemoTradeStore = (records: Records): DemoTradeStore => ({
  open: (trade) => records.insertOnce("demo_trades", { ...trade, payments: "[]", refunds: "[]", revision: 1 }),

  find: (id) => records.get("demo_trades", { id }),

  change: ({ id, revision }, set) =>
    records.compareAndSet("demo_trades", { id }, { expected: { revision }, set: { ...set, revision: revision + 1 } }),
});
