/** A token of Jifen: three parts in base64url, far below the size that browsers allow a cookie. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const MAX_LENGTH = 4_096;

/** The token in a cookie; undefined when the value cannot be one. Anyone can send any cookie. */
export const tokenIn = (value: string | undefined): string | undefined =>
  value !== undefined && value.length <= MAX_LENGTH && TOKEN.test(value) ? value : undefined;

/**
 * The name and the attributes of the cookie. Over HTTPS its name has the prefix `__Host-`: browsers then accept it only
 * from this host itself with `Secure`, so that no other subdomain can set one. They store neither over plain HTTP, for
 * example in a local network.
 */
export function tokenCookie({ isHttps }: { readonly isHttps: boolean }) {
  const attributes = { httpOnly: true, sameSite: "lax", path: "/", secure: isHttps } as const;
  return { name: isHttps ? "__Host-jifen_token" : "jifen_token", attributes };
}
