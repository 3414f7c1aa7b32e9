import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { type Review, reviewId } from "../types.ts";
import { reviewsWords } from "../words.ts";

const MAX_NOTE = 200;

type ResolveStrayProps = { readonly review: Review; readonly onClose: () => void };

/** Records how a payment without an order was dealt with. */
export function ResolveStray({ review, onClose }: ResolveStrayProps) {
  const words = reviewsWords.useWords();
  const { channel, merchant, providerId } = review.what;
  return (
    <ActDialog
      act={`resolve:${reviewId(review)}`}
      title={words.resolveTitle}
      submit={words.verbs.resolve}
      done={words.resolveDone}
      perform={(values) =>
        jifen.adminStrays.resolve.mutate({
          ...{ channel, merchant, txnId: providerId ?? "" },
          note: String(values.get("note")).trim(),
        })
      }
      onClose={onClose}
    >
      <p>{words.resolveText}</p>
      <TextField
        name="note"
        label={words.note}
        hint={words.noteHint}
        required
        maxLength={MAX_NOTE}
        autoComplete="off"
      />
    </ActDialog>
  );
}
