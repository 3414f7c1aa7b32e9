import { userId } from "@jifen/core";
import type { Deps } from "../deps.ts";
import { makeLink } from "./one-time-links.ts";

/** Whose link it is, as long as there is nobody: no e-mail address, so nobody's. */
export const nobodyYet = userId("first-admin");

const HOURS = 1;

/** A link by which somebody becomes the first admin; undefined when there is one. A new one ends those before it. */
export async function firstAdminLink(
  deps: Pick<Deps, "database" | "nowMs" | "publicUrl">,
  adminEmails: ReadonlySet<string>,
): Promise<string | undefined> {
  if (adminEmails.size > 0 || !(await deps.database.users.isEmpty("admin"))) return undefined;
  const { link } = await makeLink(deps, { userId: nobodyYet, purpose: "first-admin", hours: HOURS });
  return link;
}
