import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { SecretOnce } from "../../../keys/secret-once.tsx";
import { ActForm } from "../../../ui/act-form.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { NumberField } from "../../../ui/field.tsx";
import { webhooksWords } from "../words.ts";

const DEFAULT_HOURS = 24;
const HOUR_SECONDS = 3_600;

type RotateSecretProps = { readonly endpointId: string; readonly onClose: () => void };

/** Creates a new secret for an endpoint and shows it once. */
export function RotateSecret({ endpointId, onClose }: RotateSecretProps) {
  const words = webhooksWords.useWords();
  const [secret, setSecret] = useState<string>();
  const perform = async (values: FormData) => {
    const overlapSeconds = Number(values.get("overlapSeconds")) * HOUR_SECONDS;
    setSecret((await jifen.webhooks.rotate.mutate({ endpointId, overlapSeconds })).secret);
  };
  return (
    <Dialog title={secret === undefined ? words.rotate : words.rotated} onClose={onClose}>
      {secret === undefined ? (
        <ActForm
          act={`rotate:${endpointId}`}
          submit={words.rotate}
          unknownOutcome={words.secretUnknown}
          onDone={() => undefined}
          onCancel={onClose}
          {...{ perform }}
        >
          <p>{words.rotateText}</p>
          <NumberField name="overlapSeconds" label={words.overlapHours} defaultValue={String(DEFAULT_HOURS)} required />
        </ActForm>
      ) : (
        <SecretOnce secret={secret} onKept={onClose} />
      )}
    </Dialog>
  );
}
