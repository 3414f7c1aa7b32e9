import { hkdfSync } from "node:crypto";
import { base64url, calculateJwkThumbprint } from "jose";

/** The cookies that Auth.js 5 keeps sessions in, on https and on http: their names are the salt of its keys. */
export const authJsCookies = ["__Secure-authjs.session-token", "authjs.session-token"] as const;

/** A key that a session token may be encrypted with. */
export type AuthJsKey = {
  readonly enc: "A256GCM" | "A256CBC-HS512";
  /** The key's thumbprint (RFC 7638), which Auth.js 5 writes into tokens; NextAuth 4 writes none. */
  readonly kid: string | undefined;
  readonly bytes: Uint8Array;
};

const derive = (secret: string, { salt, info, length }: { salt: string; info: string; length: number }) =>
  new Uint8Array(hkdfSync("sha256", secret, salt, info, length));

/**
 * The keys that NextAuth 4 (packages/next-auth/src/jwt) and Auth.js 5 (packages/core/src/jwt.ts) derive from their secret.
 * Their other cookies, such as those of a sign-in in progress, have other salts and are never accepted.
 */
export async function authJsKeys(secret: string, cookieNames: readonly string[]): Promise<readonly AuthJsKey[]> {
  const v4 = derive(secret, { salt: "", info: "NextAuth.js Generated Encryption Key", length: 32 });
  const v5 = cookieNames.map(async (salt): Promise<AuthJsKey> => {
    const bytes = derive(secret, { salt, info: `Auth.js Generated Encryption Key (${salt})`, length: 64 });
    const kid = await calculateJwkThumbprint({ kty: "oct", k: base64url.encode(bytes) }, "sha512");
    return { enc: "A256CBC-HS512", kid, bytes };
  });
  return [{ enc: "A256GCM", kid: undefined, bytes: v4 }, ...(await Promise.all(v5))];
}
