import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import type { ChannelHealth } from "@jifen/database";
import { implement } from "../../../trpc/procedure.ts";
import { isoTimeOrNull } from "../../../values/iso-time.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { notifyUrlOf } from "./notify-url.ts";

/** Lists the payment channels that are set up, and those that were used before. */
export const listChannels = ({ channels, database, publicUrl }: PaymentDeps) =>
  implement(operations.adminChannels.list, async () => {
    const stored = new Map((await database.channels.list()).map((health) => [health.channel, health]));
    const names = [...new Set([...channels.keys(), ...stored.keys()])];
    return ok({
      items: names.map((channel) => {
        const calls = channels.get(channel);
        const health = stored.get(channel);
        return {
          ...{ channel, merchant: calls?.gateway.merchant ?? health?.merchant ?? "" },
          ...{ isOn: calls !== undefined, live: calls?.gateway.live ?? null },
          ...{ notifyUrl: notifyUrlOf(publicUrl(), channel), isResting: calls?.isResting ?? false },
          ...heardOf(health),
        };
      }),
    });
  });

const heardOf = (health: ChannelHealth | undefined) => ({
  lastNoticeAt: isoTimeOrNull(health?.lastNoticeMs ?? null),
  lastBadAt: isoTimeOrNull(health?.lastBadMs ?? null),
  lastBadReason: health?.lastBadReason ?? null,
  badCount: health?.badCount ?? 0,
  lastQueryAt: isoTimeOrNull(health?.lastQueryMs ?? null),
  lastErrorAt: isoTimeOrNull(health?.lastErrorMs ?? null),
  lastError: health?.lastError ?? null,
});
