import { useState } from "react";
import { jifen } from "../jifen.ts";
import { ActForm } from "../ui/act-form.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { NumberField, TextField } from "../ui/field.tsx";
import { uiWords } from "../words/ui.ts";
import { ScopeFields } from "./scope-fields.tsx";
import { SecretOnce } from "./secret-once.tsx";
import type { Scope } from "./types.ts";
import { keysWords } from "./words.ts";

type CreateKeyProps = {
  /** The scopes that the person can choose. */
  readonly scopes: readonly Scope[];
  /** Whether the person can name another user as the owner. */
  readonly hasOwner: boolean;
  readonly onClose: () => void;
};

/** Creates a key and shows it once. */
export function CreateKey({ scopes, hasOwner, onClose }: CreateKeyProps) {
  const words = keysWords.useWords();
  const { outcomeUnknownLook } = uiWords.useWords();
  const [secret, setSecret] = useState<string>();
  const [grants, setGrants] = useState(false);
  const perform = async (values: FormData) => {
    const expires = String(values.get("expiresAt"));
    const owner = String(values.get("userId") ?? "").trim();
    const limit = String(values.get("grantLimitPerDay") ?? "").trim();
    const { key } = await jifen.keys.create.mutate({
      name: String(values.get("name")).trim(),
      scopes: values.getAll("scopes") as Scope[],
      ...(expires !== "" && { expiresAt: new Date(expires).toISOString() }),
      ...(limit !== "" && { grantLimitPerDay: Number(limit) }),
      ...(owner !== "" && { userId: owner }),
    });
    setSecret(key);
  };
  return (
    <Dialog title={secret === undefined ? words.create : words.created} onClose={onClose}>
      {secret === undefined ? (
        <ActForm
          act="create-key"
          unknownOutcome={outcomeUnknownLook}
          submit={words.create}
          perform={perform}
          onDone={() => undefined}
          onCancel={onClose}
        >
          <TextField name="name" label={words.name} hint={words.nameHint} required maxLength={100} autoComplete="off" />
          <ScopeFields scopes={scopes} onChange={(chosen) => setGrants(chosen.includes("credits:grant"))} />
          {grants && (
            <NumberField name="grantLimitPerDay" label={words.grantLimit} hint={words.grantLimitHint} required />
          )}
          <TextField name="expiresAt" label={words.expiresAt} type="datetime-local" required={false} />
          {hasOwner && (
            <TextField
              name="userId"
              label={words.ownerField}
              hint={words.ownerHint}
              required={false}
              autoComplete="off"
            />
          )}
        </ActForm>
      ) : (
        <SecretOnce secret={secret} onKept={onClose} />
      )}
    </Dialog>
  );
}
