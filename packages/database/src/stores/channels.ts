import type { Records, StoredRecord } from "../records/records.ts";

/** What was last heard of a payment channel. */
export type ChannelHealth = StoredRecord<"channels">;

/** What is new of a channel; what is left out stays. `badCount`: how many more bad notices there were. */
export type ChannelNews = Partial<Omit<ChannelHealth, "channel" | "badCount">> &
  Pick<ChannelHealth, "channel" | "merchant"> & { readonly badCount?: number };

/** The health of payment channels, one row each. */
export type ChannelStore = {
  /** Stores what is new. */
  note(news: ChannelNews): Promise<void>;
  /** All channels that were ever used. */
  list(): Promise<readonly ChannelHealth[]>;
};

/** The health of channels on any database. */
export const createChannelStore = (records: Records): ChannelStore => ({
  note: async ({ channel, badCount = 0, ...set }) => {
    const change = { set, add: { badCount } };
    if ((await records.update("channels", { channel }, change)) > 0) return;
    await records.insertOnce("channels", { channel, merchant: set.merchant });
    await records.update("channels", { channel }, change);
  },

  list: () => records.list("channels", { by: ["channel"] }),
});
