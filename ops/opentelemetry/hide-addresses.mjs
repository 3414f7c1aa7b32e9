/**
 * Removes from a span what an address can hold in secret: the query, the token of a file (`/exports/…`), and all but the host
 * of an address that the server calls, such as a webhook endpoint.
 */
export function hideAddresses(span) {
  const { "url.full": full, "url.path": path, "url.query": query } = span.attributes ?? {};
  if (full !== undefined) span.setAttribute("url.full", new URL(full).origin);
  if (full !== undefined && path !== undefined) span.setAttribute("url.path", "/");
  else if (path !== undefined) span.setAttribute("url.path", path.replace(/\/exports\/.*/, "/exports/{token}"));
  if (query !== undefined) span.setAttribute("url.query", "");
}
