import type { JifenOutputs } from "@jifen/client";
import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { ActForm } from "../../../ui/act-form.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { OneTimeLink } from "../one-time-link.tsx";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { ReasonFields, reasonOf } from "./reason-fields.tsx";

/** Makes a one-time link with which a user sets a password, and shows it once. */
export function PasswordLink({ user: { userId }, onClose }: ActProps) {
  const words = usersWords.useWords();
  const [link, setLink] = useState<JifenOutputs["users"]["passwordLink"]>();
  const perform = async (values: FormData) => {
    setLink(await jifen.users.passwordLink.mutate({ userId, ...reasonOf(values) }));
  };
  return (
    <Dialog title={words.acts.passwordLink} onClose={onClose}>
      {link ? (
        <OneTimeLink link={link} />
      ) : (
        <ActForm
          act={`password-link:${userId}`}
          submit={words.acts.passwordLink}
          perform={perform}
          onDone={() => undefined}
          onCancel={onClose}
        >
          <p>{words.explain.passwordLink(userId)}</p>
          <ReasonFields />
        </ActForm>
      )}
    </Dialog>
  );
}
