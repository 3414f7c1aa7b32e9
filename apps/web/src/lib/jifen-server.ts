import "server-only";
import { createJifenClient, type JifenOutputs } from "@jifen/client";
import { redirect } from "next/navigation";
import { cache } from "react";
import { readLanguage } from "./language.ts";
import { readToken } from "./session.ts";
import { jifenApiUrl } from "./settings.ts";

/** Who is logged in. */
export type User = Extract<JifenOutputs["auth"]["verify"], { valid: true }>;

/** The client for server components and actions, on behalf of the visitor. */
export const jifenServer = cache(async () =>
  createJifenClient({ url: jifenApiUrl(), getToken: readToken, language: await readLanguage() }),
);

/** Who is logged in, as the API says; undefined when nobody is. Asked once per request. */
export const currentUser = cache(async (): Promise<User | undefined> => {
  const token = await readToken();
  if (token === undefined) return undefined;
  const session = await (await jifenServer()).auth.verify.mutate({ token });
  return session.valid ? session : undefined;
});

/** Who is logged in; whoever is not goes to the login page. Every page with something to protect begins here. */
export async function requireUser(): Promise<User> {
  return (await currentUser()) ?? redirect("/login");
}
