import { formatMicro, formatNumber } from "../../ui/format.ts";
import type { ActionPrice, Condition, Param, PriceRow, UnitPrice } from "./catalogue.ts";
import type { PricesTexts } from "./words.ts";

/** Millionths as a factor: `× 0.9`. */
export const factorText = (ppm: number): string => `× ${formatMicro(ppm)}`;

/** A price in words: `2 + 2.5 / seconds, at least 5`. */
export function priceText(words: PricesTexts, { base, per = [], minimum, free }: PriceRow): string {
  if (free) return words.free;
  const sum = [...(base ? [formatMicro(base)] : []), ...per.map((each) => unitText(words, each))].join(" + ");
  return [sum || formatMicro(0), ...(minimum === undefined ? [] : [words.minimum(formatNumber(minimum))])].join("; ");
}

function unitText(words: PricesTexts, price: UnitPrice): string {
  if (!("tiers" in price)) return words.per(formatMicro(price.micro), price.unit);
  const tiers = price.tiers.map(({ upTo, micro }) =>
    upTo === undefined ? words.above(formatMicro(micro)) : words.upTo(upTo, formatMicro(micro)),
  );
  return words.per(`(${words[price.mode]} ${tiers.join(", ")})`, price.unit);
}

const isChoices = (condition: Condition): condition is readonly string[] => Array.isArray(condition);

function conditionText(name: string, condition: Condition): string {
  if (isChoices(condition)) return `${name} = ${condition.join(" | ")}`;
  const { atLeast, below } = condition;
  return `${atLeast === undefined ? "" : `${atLeast} ≤ `}${name}${below === undefined ? "" : ` < ${below}`}`;
}

/** To what a price belongs: `model = pro, 1 ≤ seconds < 30`; empty when it is for all parameters. */
export const conditionsText = (when: Readonly<Record<string, Condition>> = {}): string =>
  Object.entries(when)
    .map(([name, condition]) => conditionText(name, condition))
    .join(", ");

/** The values that a parameter can have. */
export function paramText(words: PricesTexts, param: Param): string {
  const values =
    param.kind === "choice" ? param.values.join(" | ") : words.range(param.min ?? "0", param.max, param.step ?? "1");
  return [
    values,
    ...(param.default === undefined ? [] : [words.byDefault(param.default)]),
    ...(param.settles ? [words.settles] : []),
  ].join("; ");
}

/** The combinations of an action that are not sold. */
export const closedText = ({ closed = [] }: ActionPrice): readonly string[] => closed.map(conditionsText);
