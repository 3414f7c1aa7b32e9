import "server-only";
import { cookies, headers } from "next/headers";

const COOKIE = "jifen_token";

/** The visitor's token; undefined without a login. It is never sent to the browser's scripts. */
export const readToken = async (): Promise<string | undefined> => (await cookies()).get(COOKIE)?.value;

/** Stores the token in an httpOnly cookie, which no script of a page can read. `expiresAt` is ISO 8601. */
export async function saveToken(token: string, expiresAt: string): Promise<void> {
  const options = { httpOnly: true, sameSite: "lax", path: "/", expires: new Date(expiresAt) } as const;
  (await cookies()).set(COOKIE, token, { ...options, secure: await isHttps() });
}

/** Deletes the token. */
export async function deleteToken(): Promise<void> {
  (await cookies()).delete(COOKIE);
}

/** Browsers do not store a Secure cookie over plain HTTP, for example in a local network. */
async function isHttps(): Promise<boolean> {
  const protocols = (await headers()).get("x-forwarded-proto") ?? "";
  return protocols.split(",")[0]?.trim() === "https";
}
