import { Badge } from "../../ui/badge.tsx";
import type { Endpoint } from "./types.ts";
import { webhooksWords } from "./words.ts";

const kinds = { active: "good", paused: "bad", ended: "plain" } as const;

/** Whether an endpoint gets its events. */
export function EndpointState({ endpoint: { state, failingSince } }: { readonly endpoint: Endpoint }) {
  const words = webhooksWords.useWords();
  if (state === "active" && failingSince !== null) return <Badge kind="warn">{words.failing}</Badge>;
  return <Badge kind={kinds[state]}>{words.states[state]}</Badge>;
}
