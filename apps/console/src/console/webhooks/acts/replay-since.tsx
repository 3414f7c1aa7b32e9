import type { JifenOutputs } from "@jifen/client";
import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { ActForm } from "../../../ui/act-form.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { Time } from "../../../ui/figures.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { Notice } from "../../../ui/notice.tsx";
import { webhooksWords } from "../words.ts";

type ReplaySinceProps = { readonly endpointId: string; readonly onClose: () => void };

/** Sends the events since a time again, in several steps if there are many. */
export function ReplaySince({ endpointId, onClose }: ReplaySinceProps) {
  const words = webhooksWords.useWords();
  const [result, setResult] = useState<JifenOutputs["webhooks"]["replaySince"]>();
  const next = result?.nextSince ?? undefined;
  const perform = async (values: FormData) => {
    const since = next ?? new Date(String(values.get("since"))).toISOString();
    setResult(await jifen.webhooks.replaySince.mutate({ endpointId, since }));
  };
  return (
    <Dialog title={words.replaySince} onClose={onClose}>
      <ActForm
        act={`replaySince:${endpointId}:${next ?? ""}`}
        submit={words.replaySince}
        onDone={() => undefined}
        onCancel={onClose}
        {...{ perform }}
      >
        <p>{words.replayText}</p>
        {result && <Notice kind="good">{words.replayed(formatNumber(result.replayed))}</Notice>}
        {next === undefined ? (
          <TextField name="since" label={words.since} type="datetime-local" required />
        ) : (
          <p>
            {words.replayRest} <Time at={next} />
          </p>
        )}
      </ActForm>
    </Dialog>
  );
}
