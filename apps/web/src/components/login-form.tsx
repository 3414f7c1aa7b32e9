"use client";

import type { Language } from "@jifen/client";
import { useActionState } from "react";
import { login } from "../actions/session.ts";
import { wordsOf } from "../lib/wording.ts";
import { TextField } from "./text-field.tsx";

/** The login form. It also works without JavaScript. */
export function LoginForm({ language }: { language: Language }) {
  const [refusal, submit, isPending] = useActionState(login, undefined);
  const words = wordsOf(language);
  return (
    <form action={submit} className="flex flex-col gap-4 rounded-2xl border border-line bg-card p-6 shadow-sm">
      <TextField
        label={words.email}
        name="email"
        // The type "email" of browsers refuses addresses beyond ASCII.
        type="text"
        inputMode="email"
        autoComplete="username"
        // React resets a form after its action. Keep the address after a wrong password.
        defaultValue={refusal?.email}
        describedBy="login-refusal"
      />
      <TextField
        label={words.password}
        name="password"
        type="password"
        autoComplete="current-password"
        describedBy="login-refusal"
      />
      <p id="login-refusal" role="alert" className="min-h-6 text-sm text-warn-ink">
        {isPending ? "" : refusal?.message}
      </p>
      <button
        type="submit"
        aria-disabled={isPending}
        className="rounded-lg bg-seal px-4 py-3 font-medium text-on-seal hover:bg-seal-strong aria-disabled:opacity-70"
      >
        {isPending ? words.loggingIn : words.login}
      </button>
    </form>
  );
}
