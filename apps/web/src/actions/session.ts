"use server";

import { isJifenError, type JifenError } from "@jifen/client";
import { redirect } from "next/navigation";
import { jifenServer } from "../lib/jifen-server.ts";
import { dropToken, keepToken } from "../lib/session.ts";

/** What the login page shows after a refusal. */
export type LoginRefusal = { readonly email: string; readonly message: string };

/** Logs in and opens the first page; or tells why not. */
export async function login(_before: LoginRefusal | undefined, form: FormData): Promise<LoginRefusal> {
  const email = String(form.get("email") ?? "");
  const password = String(form.get("password") ?? "");
  try {
    const { token, expiresAt } = await (await jifenServer()).auth.login.mutate({ email, password });
    await keepToken(token, expiresAt);
  } catch (error) {
    if (!isJifenError(error)) throw error;
    return { email, message: sentenceOf(error) };
  }
  redirect("/");
}

/** Ends the session, forgets the token and opens the login page. */
export async function logout(): Promise<void> {
  try {
    await (await jifenServer()).auth.logout.mutate();
  } catch (error) {
    // Whoever wants to leave leaves; a session that is over by now, or an API that is away, is no reason to stay.
    if (!isJifenError(error)) throw error;
  }
  await dropToken();
  redirect("/login");
}

/** Of a refused form, people want to know what is wrong with which field. */
function sentenceOf(error: JifenError): string {
  if (!isJifenError(error, "VALIDATION_FAILED")) return error.message;
  return error.details.issues.map(({ message }) => message).join("；");
}
