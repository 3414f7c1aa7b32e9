/**
 * Whether a page of this site sent the request. Browsers send Sec-Fetch-Site over HTTPS and on localhost, and Origin
 * with every POST. A request with neither does not come from a browser that has our cookie.
 */
export function isSameOrigin({ headers }: Pick<Request, "headers">): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = headers.get("origin");
  const host = headers.get("x-forwarded-host") ?? headers.get("host");
  return origin !== null && URL.canParse(origin) && new URL(origin).host === host;
}
