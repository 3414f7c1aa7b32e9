import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { webhooksWords } from "../words.ts";

type ReplayOneProps = { readonly deliveryId: string; readonly onClose: () => void };

/** Sends one event again. */
export function ReplayOne({ deliveryId, onClose }: ReplayOneProps) {
  const words = webhooksWords.useWords();
  return (
    <ActDialog
      act={`replay:${deliveryId}`}
      title={words.replayOne}
      submit={words.replayOne}
      done={words.replayedOne}
      perform={() => jifen.webhooks.replay.mutate({ deliveryId })}
      onClose={onClose}
    >
      <p className="font-mono text-[0.92em]">{deliveryId}</p>
    </ActDialog>
  );
}
