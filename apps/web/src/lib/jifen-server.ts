import "server-only";
import { createJifenClient, type JifenOutputs } from "@jifen/client";
import { redirect } from "next/navigation";
import { cache } from "react";
import { readLanguage } from "./language.ts";
import { readToken } from "./session.ts";
import { jifenApiUrl, jifenSiteKey } from "./settings.ts";
import { visitorAddress } from "./visitor-address.ts";

/** A logged-in user. */
export type User = Extract<JifenOutputs["auth"]["verify"], { valid: true }>;

/** The client for server components and actions. It acts for the visitor. */
export const jifenServer = cache(async () =>
  createJifenClient({
    url: jifenApiUrl(),
    getToken: readToken,
    language: await readLanguage(),
    clientAddress: visitorAddress,
    siteKey: jifenSiteKey(),
  }),
);

/** The user of the visitor's token, verified by the API once per request; undefined without a valid token. */
export const currentUser = cache(async (): Promise<User | undefined> => {
  const token = await readToken();
  if (token === undefined) return undefined;
  const session = await (await jifenServer()).auth.verify.mutate({ token });
  return session.valid ? session : undefined;
});

/** The logged-in user. Redirects to the login page when there is none. Every protected page calls it first. */
export async function requireUser(): Promise<User> {
  return (await currentUser()) ?? redirect("/login");
}
