import { jifen } from "../../jifen.ts";
import { ActDialog } from "../../ui/act-dialog.tsx";
import { ReasonFields, reasonOf } from "../users/acts/reason-fields.tsx";
import type { Batch } from "./types.ts";
import { codesWords } from "./words.ts";

type EndBatchProps = { readonly batch: Batch; readonly onClose: () => void };

/** Makes all codes of a batch invalid. */
export function EndBatch({ batch: { batchId, name }, onClose }: EndBatchProps) {
  const words = codesWords.useWords();
  return (
    <ActDialog
      act={`endBatch:${batchId}`}
      title={words.endTitle(name)}
      submit={words.end}
      done={words.endDone(name)}
      isDanger
      perform={(values) => jifen.codeBatches.end.mutate({ batchId, ...reasonOf(values) })}
      onClose={onClose}
    >
      <p>{words.endText}</p>
      <ReasonFields />
    </ActDialog>
  );
}
