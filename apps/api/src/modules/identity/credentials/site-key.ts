import type { Authentication } from "./authenticate.ts";

/**
 * Whether a request comes from a site that may name the address of its visitor: the X-Site-Key header has a service key of
 * an admin with the scope `visitor-address`. Any other text has no effect.
 */
export async function isSite(
  { keys, isCircuitOpen }: Pick<Authentication, "keys" | "isCircuitOpen">,
  siteKey: string | undefined,
): Promise<boolean> {
  // Without a database a look-up would only wait.
  if (siteKey === undefined || isCircuitOpen()) return false;
  const found = await keys.find(siteKey);
  if (!found) return false;
  const { scopes, owner } = found;
  return scopes.has("visitor-address") && owner.role === "admin" && !owner.suspended;
}
