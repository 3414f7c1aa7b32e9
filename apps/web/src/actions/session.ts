"use server";

import { isJifenError, type JifenError } from "@jifen/client";
import { redirect } from "next/navigation";
import { jifenServer } from "../lib/jifen-server.ts";
import { deleteToken, saveToken } from "../lib/session.ts";

/** What the login page shows after a refusal. */
export type LoginRefusal = { readonly email: string; readonly message: string };

/** Logs in and redirects to the home page, or returns the reason of a refusal. */
export async function login(_previous: LoginRefusal | undefined, form: FormData): Promise<LoginRefusal> {
  const email = String(form.get("email") ?? "");
  const password = String(form.get("password") ?? "");
  try {
    const { token, expiresAt } = await (await jifenServer()).auth.login.mutate({ email, password });
    await saveToken(token, expiresAt);
  } catch (error) {
    if (!isJifenError(error)) throw error;
    return { email, message: messageOf(error) };
  }
  redirect("/");
}

/** Ends the session, deletes the token and redirects to the login page. */
export async function logout(): Promise<void> {
  try {
    await (await jifenServer()).auth.logout.mutate();
  } catch (error) {
    // The token is deleted in any case, also when the session has expired or the API is unavailable.
    if (!isJifenError(error)) throw error;
  }
  await deleteToken();
  redirect("/login");
}

/** The message of an error; for an invalid form the messages of its fields. */
function messageOf(error: JifenError): string {
  if (!isJifenError(error, "VALIDATION_FAILED")) return error.message;
  return error.details.issues.map(({ message }) => message).join("；");
}
