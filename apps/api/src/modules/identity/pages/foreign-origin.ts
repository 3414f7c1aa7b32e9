/**
 * Whether a form was sent by a page of another origin. Browsers say so in Sec-Fetch-Site; older ones, and all over plain
 * HTTP, in Origin only. A request with neither is no page's.
 */
export function isForeign(header: (name: string) => string | undefined, publicUrl: string): boolean {
  const site = header("sec-fetch-site");
  if (site !== undefined) return site !== "same-origin";
  const origin = header("origin");
  if (origin === undefined) return false;
  if (!URL.canParse(origin)) return true;
  // A proxy may change Host, and without PUBLIC_URL only Host is known.
  const { host } = new URL(origin);
  return host !== header("host") && origin !== new URL(publicUrl).origin;
}
