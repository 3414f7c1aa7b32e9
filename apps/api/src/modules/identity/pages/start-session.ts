import type { UserId } from "@jifen/core";
import type { Deps } from "../deps.ts";
import { effectiveRole } from "../use-cases/power.ts";
import { redirectTarget } from "./redirect-target.ts";

/** What the browser of a user gets who has just given the password, or has used a link that proves as much. */
type Start = { readonly setCookie: string; readonly target: string };

/** Starts a browser session. undefined when the user is suspended or deleted: the log-in form says so. */
export async function startSession(
  { database, adminEmails, browserSessions }: Pick<Deps, "database" | "adminEmails" | "browserSessions">,
  { userId, to, publicUrl }: { readonly userId: UserId; readonly to?: string | undefined; readonly publicUrl: string },
): Promise<Start | undefined> {
  const user = await database.users.find(userId);
  if (!user || user.suspendedAtMs !== null || user.deletedAtMs !== null) return undefined;
  const role = effectiveRole(user, adminEmails);
  const { setCookie } = await browserSessions.start({ id: user.id, tokenVersion: user.tokenVersion, role });
  return { setCookie, target: redirectTarget(to, role, publicUrl) };
}
