import { useNavigate } from "@tanstack/react-router";
import { announce } from "../../../announcements.ts";
import { jifen } from "../../../jifen.ts";
import { ActForm } from "../../../ui/act-form.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { ReasonFields, reasonOf } from "./reason-fields.tsx";

/** Deletes a user, after the address has been typed. The journal stays. */
export function DeleteUser({ user: { userId }, onClose }: ActProps) {
  const words = usersWords.useWords();
  const navigate = useNavigate();
  const onDone = () => {
    announce(words.done.remove(userId));
    void navigate({ to: "/console/users" });
  };
  return (
    <Dialog title={words.acts.remove} onClose={onClose}>
      <ActForm
        act={`delete:${userId}`}
        submit={words.acts.remove}
        isDanger
        perform={(values) => jifen.users.remove.mutate({ userId, ...reasonOf(values) })}
        onDone={onDone}
        onCancel={onClose}
      >
        <p>{words.explain.remove(userId)}</p>
        <TextField
          name="again"
          label={words.typeAgain(userId)}
          required
          pattern={userId.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}
          title={words.typeAgainRule}
          autoComplete="off"
          spellCheck={false}
        />
        <ReasonFields />
      </ActForm>
    </Dialog>
  );
}
