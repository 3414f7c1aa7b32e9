import type { ActionPrice, Catalogue } from "../src/catalogue.ts";

/** Video by model, resolution and seconds: the first model has a minimum and no 1080p. */
export const video: ActionPrice = {
  action: "text_to_video",
  params: {
    model: { kind: "choice", values: ["m1", "m1-pro"] },
    resolution: { kind: "choice", values: ["480p", "720p", "1080p"], default: "720p", settles: true },
    seconds: { kind: "quantity", min: "1", max: "60", step: "1", settles: true },
  },
  rows: [
    {
      when: { model: ["m1"], resolution: ["480p", "720p"] },
      per: [{ unit: "seconds", micro: 1_000_000 }],
      minimum: 5,
    },
    { when: { model: ["m1-pro"] }, base: 2_000_000, per: [{ unit: "seconds", micro: 2_500_000 }] },
  ],
  closed: [{ model: ["m1"], resolution: ["1080p"] }],
};

/** Text by tokens: long inputs have a higher price. */
export const chat: ActionPrice = {
  action: "chat",
  params: {
    input: { kind: "quantity", max: "2000000" },
    output: { kind: "quantity", max: "100000" },
  },
  rows: [
    {
      when: { input: { atLeast: "200000" } },
      per: [
        { unit: "input", micro: 4 },
        { unit: "output", micro: 16 },
      ],
      minimum: 1,
    },
    {
      per: [
        { unit: "input", micro: 2 },
        { unit: "output", micro: 8 },
      ],
      minimum: 1,
    },
  ],
  closed: [],
};

/** A catalogue that can be published. */
export const example: Catalogue = {
  actions: [video, chat],
  multipliers: [
    { group: "vip", ppm: 900_000 },
    {
      ...{ action: "text_to_video", ppm: 500_000 },
      ...{ fromMs: Date.parse("2026-12-11T16:00:00Z"), toMs: Date.parse("2026-12-12T16:00:00Z") },
    },
  ],
  packs: [
    {
      ...{ id: "p100", title: { zh: "100 积分", en: "100 credits" }, credits: 100, bonusCredits: 10 },
      prices: [
        { currency: "CNY", minor: 990 },
        { currency: "USD", minor: 149 },
      ],
      ...{ validDays: null, bonusValidDays: 90, priority: 50, refund: "unused" },
    },
  ],
};
