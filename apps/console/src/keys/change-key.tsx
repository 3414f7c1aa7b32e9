import { jifen } from "../jifen.ts";
import { ActDialog } from "../ui/act-dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { formatTime } from "../ui/format.ts";
import { ScopeFields } from "./scope-fields.tsx";
import type { Scope, ServiceKey } from "./types.ts";
import { keysWords } from "./words.ts";

type ChangeKeyProps = { readonly serviceKey: ServiceKey; readonly onClose: () => void };

/** Renames a key, takes scopes from it or lets it expire sooner. */
export function ChangeKey({ serviceKey, onClose }: ChangeKeyProps) {
  const words = keysWords.useWords();
  const { keyId, name, scopes, expiresAt } = serviceKey;
  const perform = (values: FormData) => {
    const expires = String(values.get("expiresAt"));
    return jifen.keys.change.mutate({
      keyId,
      name: String(values.get("name")).trim(),
      scopes: values.getAll("scopes") as Scope[],
      ...(expires !== "" && { expiresAt: new Date(expires).toISOString() }),
    });
  };
  return (
    <ActDialog
      act={`change-key:${keyId}`}
      title={words.changeTitle(name)}
      submit={words.change}
      done={words.changed(name)}
      {...{ perform, onClose }}
    >
      <p>{words.changeText}</p>
      <TextField name="name" label={words.name} defaultValue={name} required maxLength={100} autoComplete="off" />
      <ScopeFields scopes={scopes} areChecked />
      <TextField
        name="expiresAt"
        label={words.expiresSooner}
        hint={expiresAt === null ? words.expiresNever : words.expiresNow(formatTime(expiresAt))}
        type="datetime-local"
        required={false}
      />
    </ActDialog>
  );
}
