import type { JifenOutputs } from "@jifen/client";

/** A version of the catalogue in a list. */
export type Version = JifenOutputs["adminCatalogues"]["list"]["items"][number];
/** A version of the catalogue with its document. */
export type CatalogueFile = JifenOutputs["adminCatalogues"]["find"];

/** The parts of the page, in order. */
export const priceTabs = ["actions", "packs", "multipliers", "changes", "versions"] as const;

/** What a version is now. */
export function stateOf({ state, inForce, effectiveFrom }: Version) {
  if (inForce) return "inForce";
  if (state !== "published") return state;
  return effectiveFrom !== null && new Date(effectiveFrom).getTime() > Date.now() ? "scheduled" : "former";
}
