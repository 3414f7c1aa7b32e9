import type { JifenOutputs } from "@jifen/client";
import { explainWords } from "../../explanation/words.ts";
import { Badge } from "../../ui/badge.tsx";
import { CopyId } from "../../ui/copy-id.tsx";
import { Time } from "../../ui/figures.tsx";

/** The logs that name the transaction or its hold. */
export function LogSteps({ logs }: { readonly logs: JifenOutputs["accounts"]["explain"]["logs"] }) {
  const words = explainWords.useWords();
  return logs.map(({ logId, countedAt, action, success, durationMs }) => (
    <p key={logId}>
      <Time at={countedAt} /> · {action} ·{" "}
      <Badge kind={success ? "good" : "bad"}>{success ? words.success : words.failure}</Badge>
      {durationMs !== null && ` · ${words.seconds((durationMs / 1_000).toFixed(1))}`} <CopyId id={logId} />
    </p>
  ));
}
