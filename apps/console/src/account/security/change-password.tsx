import { isJifenError, type JifenError } from "@jifen/client";
import { useState } from "react";
import { announce } from "../../announcements.ts";
import { jifen } from "../../jifen.ts";
import { useSession } from "../../session.ts";
import { ActForm } from "../../ui/act-form.tsx";
import { TextField } from "../../ui/field.tsx";
import { formatNumber } from "../../ui/format.ts";
import { Panel } from "../panel.tsx";
import { securityWords } from "./words.ts";

const MIN_LENGTH = 10;
const SECONDS_PER_MINUTE = 60;

/** Changes the password. All other sessions of the user end. */
export function ChangePassword() {
  const words = securityWords.useWords();
  const { email } = useSession().session;
  // Another form after the change: what was typed must not stay in it.
  const [changes, setChanges] = useState(0);
  const perform = (values: FormData) =>
    jifen.session.changePassword.mutate({
      currentPassword: String(values.get("currentPassword")),
      newPassword: String(values.get("newPassword")),
    });
  const onDone = () => {
    announce(words.passwordChanged);
    setChanges(changes + 1);
  };
  return (
    <Panel title={words.password}>
      <p className="text-muted">{words.passwordText}</p>
      <ActForm
        key={changes}
        act="change-password"
        submit={words.changePassword}
        perform={perform}
        onDone={onDone}
        explain={(error) => explainRefusal(error, words)}
      >
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <TextField
          name="currentPassword"
          label={words.currentPassword}
          type="password"
          autoComplete="current-password"
          required
        />
        <TextField
          name="newPassword"
          label={words.newPassword}
          hint={words.newPasswordHint}
          type="password"
          autoComplete="new-password"
          minLength={MIN_LENGTH}
          required
        />
      </ActForm>
    </Panel>
  );
}

/** What a refusal means to the person who changes the password. */
function explainRefusal(error: JifenError, words: ReturnType<typeof securityWords.useWords>): string | undefined {
  if (isJifenError(error, "INVALID_CREDENTIALS")) return words.wrongPassword;
  if (isJifenError(error, "RATE_LIMITED")) {
    return words.tooMany(formatNumber(Math.ceil(error.details.retryAfterSeconds / SECONDS_PER_MINUTE)));
  }
  return undefined;
}
