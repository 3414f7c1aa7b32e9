import "server-only";
import type { Language } from "@jifen/client";

/** An action that costs credits. `amount` is in whole credits. */
export type Offer = {
  readonly action: string;
  readonly amount: number;
  readonly name: Readonly<Record<Language, string>>;
};

/** The offers of this example. Pages show their prices; the server charges them. */
export const offers: readonly [Offer, ...Offer[]] = [
  { action: "jimeng_video_generation", amount: 5, name: { zh: "即梦视频生成", en: "Jimeng video" } },
  { action: "jimeng_image_generation", amount: 1, name: { zh: "即梦图片生成", en: "Jimeng image" } },
  { action: "long_video_generation", amount: 40, name: { zh: "长视频生成", en: "Long video" } },
];

/** The offer of an action. @throws Error when there is none: pages offer these only */
export function findOffer(action: string): Offer {
  const offer = offers.find((each) => each.action === action);
  if (!offer) throw new Error(`There is no offer ${JSON.stringify(action)}.`);
  return offer;
}
