import { z } from "zod";
import { zCredits, zOutputText } from "../primitives.ts";

/** A part of a price. */
const zPriceLine = z
  .object({
    what: zOutputText(40).meta({ description: "The quantity, or `base`." }),
    quantity: zOutputText(40),
    micro: z.int().nullable().meta({ description: "Millionths of a credit for one; null where tiers differ." }),
    credits: zOutputText(40).meta({ description: "A decimal, before multipliers, minimum and rounding." }),
  })
  .meta({ id: "PriceLine" });

/** The parts of a price. */
export const zPriceLines = z.array(zPriceLine).meta({ maxItems: 11 });

const zTexts = z.record(zOutputText(100), zOutputText(100));

/** How a transaction was priced, as its user sees it. */
export const transactionPrice = {
  params: zTexts,
  usage: zTexts.nullable().meta({ description: "What was really used, at a capture." }),
  factor: zOutputText(40).meta({ description: "The product of the multipliers, as a decimal." }),
  formula: z
    .object({
      lines: zPriceLines,
      exact: zOutputText(40).meta({
        description: "The sum of the lines times the factor: a decimal, before the minimum and the rounding.",
      }),
      minimum: zCredits,
      credits: zCredits.meta({
        description:
          "The price: `exact` rounded up to whole credits, at least `minimum`. A capture charges at most what was held.",
      }),
    })
    .nullable()
    .meta({ description: "How the price follows from the catalogue; null when its version is not in this database." }),
};
