import type { Catalogue } from "../catalogue.ts";
import { checkAction } from "./check-action.ts";
import { checkMultipliers, highestFactor } from "./check-multipliers.ts";
import { checkPacks } from "./check-packs.ts";
import { type Problem, repeated } from "./problem.ts";

/**
 * Everything that keeps a catalogue from being published, so that no call and no order meets it later. Its shape and the
 * ranges of its numbers were checked before.
 */
export function checkCatalogue(catalogue: Catalogue): readonly Problem[] {
  const highest = highestFactor(catalogue);
  return [
    ...repeated(catalogue.actions.map(({ action }) => action)).map(
      (detail): Problem => ({ path: "actions", problem: "NAME_REPEATED", detail }),
    ),
    ...catalogue.actions.flatMap((price, at) => checkAction(price, `actions.${at}`, highest)),
    ...checkMultipliers(catalogue),
    ...checkPacks(catalogue.packs),
  ];
}
