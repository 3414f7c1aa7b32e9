import type { Entry } from "@jifen/ledger";
import { metadataOf } from "../../credits/metadata.ts";
import { pinIn } from "./price-pin.ts";
import type { Pricing } from "./pricing.ts";

/** How an entry was priced as the output of operations; null when the caller named the amount. */
export async function explainPrice(pricing: Pick<Pricing, "explain">, { action, metadata }: Entry) {
  const pin = pinIn(metadataOf(metadata));
  if (!pin) return null;
  const price = await pricing.explain(pin, action);
  const formula = price && {
    ...{ lines: [...price.lines], exact: price.exact, minimum: price.minimum, credits: price.credits },
  };
  return {
    forUser: { params: pin.p, usage: pin.s ?? null, factor: pin.f, formula: formula ?? null },
    forStaff: { version: pin.v, priceGroup: pin.g },
  };
}
