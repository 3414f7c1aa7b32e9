import { getPath } from "hono/utils/url";

/** A path without repeated slashes and without a slash at its end; the rest is unchanged, encoded slashes too. */
export const canonicalPath = (path: string): string =>
  path.includes("//") || path.endsWith("/") ? path.replaceAll(/\/{2,}/g, "/").replace(/(.)\/$/, "$1") : path;

/** The path by which a request finds its route: a slash too many, from joining two addresses, makes no difference. */
export const routePath = (request: Request): string => canonicalPath(getPath(request));
