import type { JifenOutputs } from "@jifen/client";
import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { ActDialog } from "../../ui/act-dialog.tsx";
import { Button } from "../../ui/button.tsx";
import { formatNumber } from "../../ui/format.ts";
import { ReasonFields, reasonOf } from "../users/acts/reason-fields.tsx";
import { holdsWords } from "./words.ts";

/** A hold that is not resolved, with its user. */
export type OpenHold = JifenOutputs["holds"]["listOpen"]["items"][number];

/** Releases a hold for its user. */
export function ReleaseHold({ hold: { holdId, userId, amount } }: { readonly hold: OpenHold }) {
  const words = holdsWords.useWords();
  const [isOpen, setOpen] = useState(false);
  const shown = formatNumber(amount);
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {words.release}
      </Button>
      {isOpen && (
        <ActDialog
          act={`release:${holdId}`}
          title={words.releaseTitle(shown)}
          submit={words.release}
          done={words.released(shown)}
          perform={(values, idempotencyKey) =>
            jifen.admin.releaseHold.mutate({ userId, holdId, ...reasonOf(values), idempotencyKey })
          }
          onClose={() => setOpen(false)}
        >
          <p>{words.releaseText(userId)}</p>
          <ReasonFields hasNote />
        </ActDialog>
      )}
    </>
  );
}
