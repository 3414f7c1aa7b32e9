import type { JifenOutputs } from "@jifen/client";
import { language } from "../../language.ts";
import type { topUpWords } from "./words.ts";

/** A pack on sale. */
export type Pack = JifenOutputs["catalogue"]["find"]["packs"][number];

/** A way to pay for a pack: a channel, one of its methods, and a price in one of its currencies. */
export type Way = { readonly channel: string; readonly method: string; readonly price: Pack["prices"][number] };

/** All ways to pay for a pack. Those in yuan are first on Chinese pages, and last on the others. */
export function waysOf({ ways: sold }: Pack): readonly Way[] {
  const all = sold.flatMap(({ channel, methods, prices }) =>
    methods.flatMap((method) => prices.map((price) => ({ channel, method, price }))),
  );
  const isUsual = ({ price }: Way) => (price.currency === "CNY") === (language === "zh");
  return [...all.filter(isUsual), ...all.filter((way) => !isUsual(way))];
}

/** What identifies a way among those of all packs. */
export const wayKey = ({ channel, method, price }: Way): string => `${channel} ${method} ${price.currency}`;

/** The name of a way to pay. One that these pages do not know is named as the server names it. */
export const wayName = (
  { channel, method }: Pick<Way, "channel" | "method">,
  { ways }: ReturnType<typeof topUpWords.useWords>,
): string => ways[`${channel} ${method}`] ?? ways[channel] ?? `${channel} ${method}`;
