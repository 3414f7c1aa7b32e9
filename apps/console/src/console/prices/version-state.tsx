import { Badge } from "../../ui/badge.tsx";
import { stateOf, type Version } from "./types.ts";
import { pricesWords } from "./words.ts";

const kinds = { inForce: "good", draft: "plain", scheduled: "warn", former: "plain", withdrawn: "plain" } as const;

/** What a version is now, in one word. */
export function VersionState({ version }: { readonly version: Version }) {
  const words = pricesWords.useWords();
  const state = stateOf(version);
  return <Badge kind={kinds[state]}>{words.states[state]}</Badge>;
}
