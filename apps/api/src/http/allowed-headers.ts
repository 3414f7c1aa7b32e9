/** The headers that the server reads. */
const known = "Accept-Language,Authorization,Content-Type,Idempotency-Key,X-Create-User,X-Request-Id,X-User-Id";
const knownNames = new Set(known.toLowerCase().split(","));

/**
 * Never allowed to other origins: pages of this server send it with the session cookie, and a request that needs a
 * preflight for it is refused by the browser.
 */
const neverAllowed = "x-jifen-session";

/** The form of a header name (RFC 9110, section 5.1). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const MAX_NAMES = 100;

/**
 * The value of Access-Control-Allow-Headers for what a preflight requests. Pages send headers that the server does not
 * read: tracers add `baggage` and `sentry-trace`, tRPC adds `trpc-accept`. A request with a malformed list gets only the
 * headers that the server reads.
 */
export function allowedHeaders(requested: string | undefined): string {
  const names = (requested ?? "").split(",", MAX_NAMES + 1).map((name) => name.trim());
  const added = names.filter(
    (name) => name !== "" && !knownNames.has(name.toLowerCase()) && name.toLowerCase() !== neverAllowed,
  );
  if (names.length > MAX_NAMES || !added.every((name) => HEADER_NAME.test(name))) return known;
  return [known, ...added].join(",");
}
