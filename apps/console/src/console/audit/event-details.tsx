import type { JifenOutputs } from "@jifen/client";
import { CopyId } from "../../ui/copy-id.tsx";
import { auditWords } from "./words.ts";

type Event = JifenOutputs["auditLog"]["list"]["items"][number];

/** What changed, folded: names with their values, before and after where the event has both. */
export function EventDetails({ event: { details, requestId } }: { readonly event: Event }) {
  const words = auditWords.useWords();
  if (details === null && requestId === null) return "–";
  return (
    <details>
      <summary className="text-muted">{words.details}</summary>
      <dl className="grid gap-1 py-1">
        {Object.entries(details ?? {}).map(([name, value]) => (
          <div key={name}>
            <dt className="inline text-muted">{name}: </dt>
            <dd className="inline font-mono">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
        {requestId !== null && (
          <div>
            <dt className="inline text-muted">{words.requestId}: </dt>
            <dd className="inline">
              <CopyId id={requestId} />
            </dd>
          </div>
        )}
      </dl>
    </details>
  );
}
