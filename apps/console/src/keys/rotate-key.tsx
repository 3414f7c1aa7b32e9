import { useState } from "react";
import { jifen } from "../jifen.ts";
import { ActForm } from "../ui/act-form.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { NumberField } from "../ui/field.tsx";
import { uiWords } from "../words/ui.ts";
import { SecretOnce } from "./secret-once.tsx";
import type { ServiceKey } from "./types.ts";
import { keysWords } from "./words.ts";

const HOUR_SECONDS = 3_600;
const DEFAULT_HOURS = "24";

type RotateKeyProps = { readonly serviceKey: ServiceKey; readonly onClose: () => void };

/** Makes a new secret for a key and shows it once. */
export function RotateKey({ serviceKey: { keyId, name }, onClose }: RotateKeyProps) {
  const words = keysWords.useWords();
  const { outcomeUnknownLook } = uiWords.useWords();
  const [secret, setSecret] = useState<string>();
  const perform = async (values: FormData) => {
    const overlapSeconds = Number(values.get("overlapSeconds")) * HOUR_SECONDS;
    const { key } = await jifen.keys.rotate.mutate({ keyId, overlapSeconds });
    setSecret(key);
  };
  return (
    <Dialog title={words.rotateTitle(name)} onClose={onClose}>
      {secret === undefined ? (
        <ActForm
          act={`rotate-key:${keyId}`}
          submit={words.rotate}
          unknownOutcome={outcomeUnknownLook}
          perform={perform}
          onDone={() => undefined}
          onCancel={onClose}
        >
          <p>{words.rotateText}</p>
          <NumberField name="overlapSeconds" label={words.overlapHours} defaultValue={DEFAULT_HOURS} required />
        </ActForm>
      ) : (
        <SecretOnce secret={secret} onKept={onClose} />
      )}
    </Dialog>
  );
}
