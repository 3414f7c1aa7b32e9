import type { Language } from "@jifen/client";

/** An action that costs credits. `amount` is in whole credits. */
export type Offer = {
  readonly action: string;
  readonly amount: number;
  readonly name: Readonly<Record<Language, string>>;
};

/** The offers of this example. Your own site sets prices on its server, next to the work that they pay for. */
export const offers = [
  { action: "jimeng_video_generation", amount: 5, name: { zh: "即梦视频生成", en: "Jimeng video" } },
  { action: "jimeng_image_generation", amount: 1, name: { zh: "即梦图片生成", en: "Jimeng image" } },
  { action: "long_video_generation", amount: 40, name: { zh: "长视频生成", en: "Long video" } },
] as const satisfies readonly Offer[];
