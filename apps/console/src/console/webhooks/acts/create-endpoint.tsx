import { useId, useState } from "react";
import { jifen } from "../../../jifen.ts";
import { SecretOnce } from "../../../keys/secret-once.tsx";
import { ActForm } from "../../../ui/act-form.tsx";
import { CheckField } from "../../../ui/check-field.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { useFieldIssue } from "../../../ui/form-errors.ts";
import { type EventType, eventTypes } from "../types.ts";
import { webhooksWords } from "../words.ts";

const MAX_URL = 2_000;

/** Creates an endpoint and shows its secret once. */
export function CreateEndpoint({ onClose }: { readonly onClose: () => void }) {
  const words = webhooksWords.useWords();
  const [secret, setSecret] = useState<string>();
  const perform = async (values: FormData) => {
    const created = await jifen.webhooks.create.mutate({
      url: String(values.get("url")).trim(),
      events: values.getAll("events") as EventType[],
      allUsers: values.has("allUsers"),
    });
    setSecret(created.secret);
  };
  return (
    <Dialog title={secret === undefined ? words.create : words.created} onClose={onClose}>
      {secret === undefined ? (
        <ActForm
          act="create-endpoint"
          submit={words.create}
          unknownOutcome={words.createUnknown}
          onDone={() => undefined}
          onCancel={onClose}
          {...{ perform }}
        >
          <TextField
            name="url"
            label={words.url}
            hint={words.urlHint}
            type="url"
            required
            maxLength={MAX_URL}
            autoComplete="off"
          />
          <EventFields />
          <CheckField name="allUsers" label={words.allUsers} hint={words.allUsersHint} defaultChecked />
        </ActForm>
      ) : (
        <SecretOnce secret={secret} onKept={onClose} />
      )}
    </Dialog>
  );
}

/** Which events an endpoint gets. */
function EventFields() {
  const words = webhooksWords.useWords();
  const issue = useFieldIssue("events");
  const id = useId();
  return (
    <fieldset className="grid gap-1" aria-describedby={issue ? id : undefined}>
      <legend className="mb-1 font-medium">{words.eventsTitle}</legend>
      {eventTypes.map((type) => (
        <label key={type} className="flex items-baseline gap-2 pointer-coarse:min-h-11">
          <input type="checkbox" name="events" value={type} defaultChecked className="accent-seal" />
          <span>
            {words.eventNames[type] ?? type} <code className="text-muted">{type}</code>
          </span>
        </label>
      ))}
      {issue !== undefined && (
        <p id={id} className="text-bad">
          {issue}
        </p>
      )}
    </fieldset>
  );
}
