import { jifen } from "../../../jifen.ts";
import { roles } from "../../../roles.ts";
import type { Role } from "../../../session.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { SelectField } from "../../../ui/field.tsx";
import { uiWords } from "../../../words/ui.ts";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { ReasonFields, reasonOf } from "./reason-fields.tsx";

/** Changes the role of a user. */
export function ChangeRole({ user: { userId, role }, onClose }: ActProps) {
  const words = usersWords.useWords();
  const { roles: names } = uiWords.useWords();
  return (
    <ActDialog
      act={`role:${userId}`}
      title={words.acts.role}
      submit={words.acts.role}
      done={words.done.role(userId)}
      perform={(values) =>
        jifen.users.setRole.mutate({ userId, role: values.get("role") as Role, ...reasonOf(values) })
      }
      onClose={onClose}
    >
      <p>{words.explain.role(userId)}</p>
      <SelectField name="role" label={words.role} defaultValue={role} required>
        {roles.map((each) => (
          <option key={each} value={each}>
            {names[each]}
          </option>
        ))}
      </SelectField>
      <ReasonFields />
    </ActDialog>
  );
}
