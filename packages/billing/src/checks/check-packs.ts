import type { Pack } from "../catalogue.ts";
import { type Problem, repeated } from "./problem.ts";

/** Signs that a gateway cuts, forbids or reads as its own in the title of an order. */
const NOT_IN_TITLES = /[&=/%+\p{Cc}]/u;

/** Problems of the packs: two with one id, a currency with two prices, a title that a gateway would not pass on. */
export const checkPacks = (packs: readonly Pack[]): readonly Problem[] => [
  ...repeated(packs.map(({ id }) => id)).map(
    (detail): Problem => ({ path: "packs", problem: "NAME_REPEATED", detail }),
  ),
  ...packs.flatMap((pack, at) => checkPack(pack, `packs.${at}`)),
];

const checkPack = ({ prices, title }: Pack, path: string): readonly Problem[] => [
  ...repeated(prices.map(({ currency }) => currency)).map(
    (detail): Problem => ({ path: `${path}.prices`, problem: "CURRENCY_REPEATED", detail }),
  ),
  ...Object.entries(title)
    .filter(([, text]) => NOT_IN_TITLES.test(text))
    .map(
      ([language, detail]): Problem => ({ path: `${path}.title.${language}`, problem: "TITLE_NOT_ALLOWED", detail }),
    ),
];
