import "server-only";
import { cookies, headers } from "next/headers";
import { tokenCookie, tokenIn } from "./token-cookie.ts";

/** The visitor's token; undefined without a login. It is never sent to the browser's scripts. */
export async function readToken(): Promise<string | undefined> {
  const { name } = await cookie();
  return tokenIn((await cookies()).get(name)?.value);
}

/** Stores the token in an httpOnly cookie, which no script of a page can read. `expiresAt` is ISO 8601. */
export async function saveToken(token: string, expiresAt: string): Promise<void> {
  const { name, attributes } = await cookie();
  (await cookies()).set(name, token, { ...attributes, expires: new Date(expiresAt) });
}

/** Deletes the token. Browsers ignore a deletion that lacks the attributes of the cookie. */
export async function deleteToken(): Promise<void> {
  const { name, attributes } = await cookie();
  (await cookies()).set(name, "", { ...attributes, maxAge: 0 });
}

/** The cookie of this request: a proxy says whether the visitor uses HTTPS. */
async function cookie() {
  const protocols = (await headers()).get("x-forwarded-proto") ?? "";
  return tokenCookie({ isHttps: protocols.split(",")[0]?.trim() === "https" });
}
