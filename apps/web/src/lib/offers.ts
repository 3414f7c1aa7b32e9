import type { Language } from "@jifen/client";

/** Something to spend credits on. `amount` is in whole credits. */
export type Offer = {
  readonly action: string;
  readonly amount: number;
  readonly name: Readonly<Record<Language, string>>;
};

/** What this example sells. A site of your own decides its prices on its server, beside the work that they pay for. */
export const offers = [
  { action: "jimeng_video_generation", amount: 5, name: { zh: "即梦视频生成", en: "Jimeng video" } },
  { action: "jimeng_image_generation", amount: 1, name: { zh: "即梦图片生成", en: "Jimeng picture" } },
  { action: "long_video_generation", amount: 40, name: { zh: "长视频生成", en: "Long video" } },
] as const satisfies readonly Offer[];
