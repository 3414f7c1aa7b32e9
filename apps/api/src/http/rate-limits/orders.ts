import type { Counters, Rate } from "./counters.ts";

/** Limits how many orders a user makes. */
export type OrderLimits = {
  /** Counts one order. `retryAfterSeconds` is set when the user has to wait. */
  take(userId: string): Promise<{ readonly retryAfterSeconds: number | undefined }>;
  /** Counts one notice from this address. @returns whether it is allowed */
  takeNotice(address: string): Promise<boolean>;
};

/** Notices of one address: a provider sends those of all orders from few of them. */
const NOTICES: Rate = { points: 6_000, seconds: 60 };

/** Creates the limits. @param perUser undefined when orders are not counted */
export function createOrderLimits(counters: Counters, perUser: Rate | undefined): OrderLimits {
  const orders = perUser && counters("orders", perUser);
  const notices = counters("notices", NOTICES);
  return {
    take: async (userId) => {
      const counted = await orders?.take(userId);
      return { retryAfterSeconds: counted && !counted.isTaken ? counted.resetSeconds : undefined };
    },
    takeNotice: async (address) => (await notices.take(address)).isTaken,
  };
}
