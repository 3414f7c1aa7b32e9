import { jifen } from "../jifen.ts";
import { ActDialog } from "../ui/act-dialog.tsx";
import { TextField } from "../ui/field.tsx";
import type { ServiceKey } from "./types.ts";
import { keysWords } from "./words.ts";

type RevokeKeyProps = { readonly serviceKey: ServiceKey; readonly onClose: () => void };

/** Revokes a key for ever. */
export function RevokeKey({ serviceKey: { keyId, name }, onClose }: RevokeKeyProps) {
  const words = keysWords.useWords();
  const perform = (values: FormData) => {
    const reason = String(values.get("reason")).trim();
    return jifen.keys.revoke.mutate({ keyId, ...(reason !== "" && { reason }) });
  };
  return (
    <ActDialog
      act={`revoke-key:${keyId}`}
      title={words.revokeTitle(name)}
      submit={words.revoke}
      done={words.revokeDone(name)}
      isDanger
      {...{ perform, onClose }}
    >
      <p>{words.revokeText}</p>
      <TextField name="reason" label={words.reason} required={false} maxLength={200} autoComplete="off" />
    </ActDialog>
  );
}
