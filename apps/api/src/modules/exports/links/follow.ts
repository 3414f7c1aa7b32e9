import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { StreamContext, StreamFacts, StreamResponse } from "../../../trpc/stream.ts";
import { sessionCaller } from "../../identity/credentials/authenticate.ts";
import type { Caller } from "../../identity/credentials/caller.ts";
import { endedUntilMs } from "../../identity/credentials/clock-tolerance.ts";
import { findUserOf } from "../../identity/credentials/sessions.ts";
import type { Deps } from "./deps.ts";
import type { ExportLink } from "./export-links.ts";

/** What following a link needs. */
type FollowDeps = Pick<Deps, "database" | "exportLinks" | "streams" | "userCache">;

type VerifiedLink = NonNullable<Awaited<ReturnType<Deps["exportLinks"]["verify"]>>>;

const linkExpired = refuse<Refusal>({ code: "LINK_EXPIRED" });

/**
 * Runs the stream of a link as the user who created it, with the permissions of now. The link is used up when the work
 * starts, so HEAD leaves it as it is. Refuses: LINK_EXPIRED, and what the stream refuses.
 */
export async function followLink(
  deps: FollowDeps,
  ctx: StreamContext,
  { token, ...facts }: StreamFacts & { readonly token: string },
): Promise<Outcome<StreamResponse, Refusal>> {
  const link = await deps.exportLinks.verify(token);
  if (!link) {
    const counted = await ctx.count(undefined);
    return counted.ok ? linkExpired : counted;
  }
  const asUser: StreamContext = {
    ...ctx,
    language: () => link.language,
    caller: () => callerOf(deps, link),
    callerWithNewRole: async ({ role: known }) => {
      await deps.userCache.find(link.userId, ({ role }) => role !== known);
      return callerOf(deps, link);
    },
  };
  const prepared = await deps.streams[link.stream].export.run(asUser, { ...facts, readInput: () => ok(link.input) });
  if (!prepared.ok) return prepared;
  const { start, ...file } = prepared.value;
  return ok({ ...file, start: async () => ((await consumeLink(deps, link)) ? start() : linkExpired) });
}

/** Uses a link up. One of several concurrent requests succeeds, on all servers together. */
const consumeLink = ({ database }: FollowDeps, { userId, jti, expiresAtMs }: VerifiedLink): Promise<boolean> =>
  database.users.useToken({ userId, jti, expiresAtMs: endedUntilMs(expiresAtMs) });

/** The caller that a link stands for. Refuses: LINK_EXPIRED when it was used or its session has ended, ACCOUNT_SUSPENDED. */
async function callerOf({ userCache }: FollowDeps, link: VerifiedLink): Promise<Outcome<Caller, Refusal>> {
  const user = await findUserOf(link, userCache);
  if (!user.ok || user.value.endedTokens.has(link.sessionId)) return linkExpired;
  const { issuedAtMs, expiresAtMs } = link;
  const session = { jti: link.sessionId, issuedAtMs, expiresAtMs, browser: null };
  return sessionCaller({ user: { ...user.value, role: roleOf(link, user.value) }, ...session }, undefined);
}

/** The role of the user now. A session of another site has no more than the role `user`, and so has its link. */
const roleOf = ({ role }: ExportLink, user: Pick<ExportLink, "role">) => (role === "user" ? role : user.role);
