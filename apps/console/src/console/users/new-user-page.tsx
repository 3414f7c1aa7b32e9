import { isJifenError, type JifenOutputs } from "@jifen/client";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { roles } from "../../roles.ts";
import type { Role } from "../../session.ts";
import { ActForm } from "../../ui/act-form.tsx";
import { NumberField, SelectField, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { uiWords } from "../../words/ui.ts";
import { OneTimeLink } from "./one-time-link.tsx";
import { usersWords } from "./words.ts";

type Created = JifenOutputs["users"]["create"];

/** Creates a user, gives the first credits, and shows the link with which the user sets a password. */
export function NewUserPage() {
  const words = usersWords.useWords();
  const { roles: names } = uiWords.useWords();
  const [created, setCreated] = useState<Created>();
  const [takenBy, setTakenBy] = useState<string>();
  const [isGranted, setGranted] = useState(false);
  const perform = async (values: FormData, idempotencyKey: string) => {
    const email = String(values.get("email"));
    const name = String(values.get("name")).trim();
    setTakenBy(undefined);
    try {
      // A second attempt, after credits were refused or an answer was lost, uses the user that is there.
      const made =
        created ??
        (await jifen.users.create.mutate({ email, role: values.get("role") as Role, ...(name && { name }) }));
      setCreated(made);
      const amount = Number(values.get("amount"));
      const reason = String(values.get("reason")).trim();
      if (amount > 0) await jifen.admin.grant.mutate({ userId: made.user.userId, amount, reason, idempotencyKey });
      setGranted(true);
    } catch (error) {
      if (isJifenError(error, "EMAIL_TAKEN")) setTakenBy(email);
      throw error;
    }
  };
  return (
    <Page title={words.create}>
      {created && isGranted ? (
        <div className="grid max-w-xl gap-3">
          <OneTimeLink link={created.passwordLink} />
          <Link to="/console/users/$userId" params={{ userId: created.user.userId }}>
            {created.user.userId}
          </Link>
        </div>
      ) : (
        <div className="max-w-xl rounded-md border border-line bg-card p-4">
          <ActForm act="create-user" submit={words.create} perform={perform} onDone={() => undefined}>
            <TextField name="email" label={words.email} type="email" required autoComplete="off" />
            <TextField name="name" label={words.name} required={false} maxLength={100} autoComplete="off" />
            <SelectField name="role" label={words.role} defaultValue="user">
              {roles.map((each) => (
                <option key={each} value={each}>
                  {names[each]}
                </option>
              ))}
            </SelectField>
            <NumberField name="amount" label={words.firstCredits} required={false} defaultValue="" />
            <TextField
              name="reason"
              label={words.reason}
              hint={words.reasonSeen}
              defaultValue={words.firstReason}
              required
            />
          </ActForm>
          {takenBy !== undefined && (
            <div className="mt-3">
              <Notice kind="plain">
                <Link to="/console/users/$userId" params={{ userId: takenBy }}>
                  {takenBy}
                </Link>
              </Notice>
            </div>
          )}
        </div>
      )}
    </Page>
  );
}
