import { type FormEvent, useEffect, useRef } from "react";
import { jifen } from "../jifen.ts";
import { useSession } from "../session.ts";
import { useAct } from "../use-act.ts";
import { uiWords } from "../words/ui.ts";
import { Button } from "./button.tsx";
import { TextField } from "./field.tsx";
import { ErrorNotice } from "./notice.tsx";

/** Asks for the password again before a powerful act, which then continues. The field takes the focus of the button it replaces. */
export function PasswordAgain({ onConfirmed }: { readonly onConfirmed: () => void }) {
  const words = uiWords.useWords();
  const { session } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const act = useAct(() =>
    jifen.session.confirm.mutate({ password: String(new FormData(form.current ?? undefined).get("password")) }),
  );
  useEffect(() => form.current?.querySelector<HTMLElement>("[type=password]")?.focus(), []);
  const confirm = async () => {
    if (await act.run()) onConfirmed();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void confirm();
  };
  return (
    <form ref={form} onSubmit={onSubmit} className="mt-4 grid gap-4 border-t border-line pt-4">
      <p>{words.passwordAgain}</p>
      <input type="text" name="username" autoComplete="username" value={session.email} readOnly hidden />
      <TextField name="password" label={words.password} type="password" autoComplete="current-password" required />
      {act.error && <ErrorNotice error={act.error} />}
      <Button type="submit" look="primary" isBusy={act.isPending} className="justify-self-end">
        {words.confirm}
      </Button>
    </form>
  );
}
