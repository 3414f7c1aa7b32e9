import type { JsonObject } from "@jifen/contract";

const settles = { kind: "quantity", min: "1", max: "60", step: "1", settles: true } as const;

const video = (proMicro: number) => ({
  action: "text_to_video",
  params: {
    model: { kind: "choice", values: ["wan-2.2", "kling-pro"], default: "wan-2.2" },
    seconds: settles,
  },
  rows: [
    { when: { model: ["wan-2.2"] }, per: [{ unit: "seconds", micro: 1_000_000 }], minimum: 5 },
    { when: { model: ["kling-pro"] }, base: 2_000_000, per: [{ unit: "seconds", micro: proMicro }] },
  ],
});

const perPiece = (action: string, { unit, micro, max }: { unit: string; micro: number; max: string }) => ({
  action,
  params: { [unit]: { kind: "quantity", min: "1", max, step: "1" } },
  rows: [{ per: [{ unit, micro }], minimum: 1 }],
});

const pack = (credits: number, bonusCredits: number, [cny, usd]: readonly [number, number]) => ({
  ...{ id: `p${credits}`, title: { zh: `${credits} 积分`, en: `${credits} credits` }, credits, bonusCredits },
  ...(bonusCredits > 0 && { bonusValidDays: 90 }),
  prices: [
    { currency: "CNY", minor: cny },
    { currency: "USD", minor: usd },
  ],
});

const image = perPiece("text_to_image", { unit: "images", micro: 2_000_000, max: "8" });
const packs = [pack(100, 10, [990, 149]), pack(500, 100, [4_500, 699])];

/** What the shop sold at first. */
export const firstCatalogue: JsonObject = { actions: [video(2_500_000), image], multipliers: [], packs };

/** What it sells later: speech, a cheaper model, a discount for a price group and a large pack. */
export const secondCatalogue: JsonObject = {
  actions: [video(2_200_000), image, perPiece("text_to_speech", { unit: "lines", micro: 400_000, max: "100" })],
  multipliers: [{ group: "vip", ppm: 900_000 }],
  packs: [...packs, pack(2_000, 600, [16_800, 2_499])],
};

/** A draft that is not published. */
export const draftCatalogue: JsonObject = { ...secondCatalogue, multipliers: [{ group: "vip", ppm: 850_000 }] };
