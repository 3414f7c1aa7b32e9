import "server-only";
import { cookies, headers } from "next/headers";

const COOKIE = "jifen_token";

/** The visitor's token; undefined when nobody is logged in. It stays on this side of the network. */
export const readToken = async (): Promise<string | undefined> => (await cookies()).get(COOKIE)?.value;

/** Keeps the token where no script of a page can read it. `expiresAt` is ISO 8601. */
export async function keepToken(token: string, expiresAt: string): Promise<void> {
  const options = { httpOnly: true, sameSite: "lax", path: "/", expires: new Date(expiresAt) } as const;
  (await cookies()).set(COOKIE, token, { ...options, secure: await isHttps() });
}

/** Forgets the token. */
export async function dropToken(): Promise<void> {
  (await cookies()).delete(COOKIE);
}

/** Over plain HTTP, as on a laptop or a home network, a browser would not keep a Secure cookie. */
async function isHttps(): Promise<boolean> {
  const protocols = (await headers()).get("x-forwarded-proto") ?? "";
  return protocols.split(",")[0]?.trim() === "https";
}
