import {
  type Catalogue,
  DEFAULT_GROUP,
  type Gateway,
  type Money,
  type Multiplier,
  minorUnits,
  moneyText,
  type Pack,
} from "@jifen/billing";
import { type Language, operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import { pricesOn } from "../orders/price-of-pack.ts";

const nothing = { catalogueVersion: null, effectiveFrom: null, actions: [], multipliers: [], packs: [] };

/** Reads what is sold, for everyone. What only users of a price group get is left out. */
export const find = ({ catalogues, payments }: Pick<Deps, "catalogues" | "payments">) =>
  implement(operations.catalogue.find, async ({ input, language }) => {
    const { found, nowMs } = await catalogues.inForce();
    if (!found) return ok(nothing);
    const { version, effectiveFromMs, catalogue } = found;
    return ok({
      catalogueVersion: version,
      effectiveFrom: isoTimeOrNull(effectiveFromMs),
      ...toPublic(catalogue, {
        ...{ language: input.language ?? language(), nowMs },
        gateways: [...payments.channels.values()].map(({ gateway }) => gateway),
      }),
    });
  });

/** For whom, when, and what the server sells through. */
type Reading = { readonly language: Language; readonly nowMs: number; readonly gateways: readonly Gateway[] };

const toPublic = ({ actions, multipliers, packs }: Catalogue, reading: Reading) => ({
  actions: actions.map(({ action, params, rows, closed }) => ({
    ...{ action, params: { ...params }, rows: rows.map((row) => ({ ...row })) },
    closed: closed.map((each) => ({ ...each })),
  })),
  multipliers: multipliers.filter((each) => isPublic(each, reading.nowMs)).map(toMultiplier),
  packs: packs.filter(({ groups }) => groups === undefined || groups.includes(DEFAULT_GROUP)).map(toPack(reading)),
});

const isPublic = ({ group = DEFAULT_GROUP, toMs = Number.POSITIVE_INFINITY }: Multiplier, nowMs: number): boolean =>
  group === DEFAULT_GROUP && toMs > nowMs;

const toMultiplier = ({ action, ppm, fromMs, toMs }: Multiplier) => ({
  ...{ action: action ?? null, ppm },
  from: fromMs === undefined ? null : isoTime(fromMs),
  to: toMs === undefined ? null : isoTime(toMs),
});

const toPack =
  ({ language, gateways }: Reading) =>
  (pack: Pack) => {
    const { id, title, credits, bonusCredits, prices, validDays, bonusValidDays } = pack;
    return {
      ...{ id, title: title[language], credits, bonusCredits, validDays, bonusValidDays },
      prices: prices.map(({ currency, minor }) => toPrice({ currency, minor: minorUnits(minor) })),
      ways: gateways.flatMap((gateway) => waysOf(gateway, pack)),
    };
  };

/** How a pack is bought through a channel; nothing when the channel takes none of its prices. */
function waysOf(gateway: Gateway, pack: Pack) {
  const prices = pricesOn(gateway, pack);
  if (prices.length === 0) return [];
  return [{ channel: gateway.channel, methods: [...gateway.limits.methods], prices: prices.map(toPrice) }];
}

const toPrice = ({ currency, minor }: Money) => ({ currency, minor, text: moneyText({ minor, currency }) });
