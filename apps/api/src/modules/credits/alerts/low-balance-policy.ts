import type { LowBalancePolicy } from "@jifen/database";
import type { NewId } from "../../../values/ids.ts";
import { toOutgoingEvent } from "../../webhooks/outgoing-event.ts";

/** What is done about balances that become low. @param threshold of the installation; undefined: none */
export const lowBalancePolicy = (threshold: number | undefined, newId: NewId<"evt">): LowBalancePolicy => ({
  threshold,
  toEvent: ({ userId, balance, threshold: limit, atMs }) =>
    toOutgoingEvent({
      ...{ userId, id: newId("evt"), type: "balance.low", atMs },
      data: { userId, balance, threshold: limit },
    }),
});
