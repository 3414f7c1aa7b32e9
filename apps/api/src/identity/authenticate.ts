import { normaliseEmail, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import type { Caller } from "./caller.ts";

/** What it takes to know who is calling. */
export type Knows = Pick<Deps, "sessions">;

/** The headers that say who is calling. */
export type Credentials = {
  readonly authorization: string | undefined;
  /** X-User-Id: it may only repeat whose credential it is. */
  readonly claimedUserId: string | undefined;
};

/** Who is calling. Refuses, in this order: UNAUTHENTICATED, USER_MISMATCH, ACCOUNT_SUSPENDED. */
export async function authenticate(
  { sessions }: Knows,
  { authorization, claimedUserId }: Credentials,
): Promise<Outcome<Caller, Refusal>> {
  const token = /^Bearer +([^\s,]+) *$/i.exec(authorization ?? "")?.[1];
  const session = token === undefined ? undefined : await sessions.find(token);
  if (!session) return refuse({ code: "UNAUTHENTICATED" });
  const { user, jti, expiresAtMs } = session;
  if (claimedUserId !== undefined && normaliseEmail(claimedUserId) !== user.id) {
    return refuse({ code: "USER_MISMATCH" });
  }
  if (user.suspended) return refuse({ code: "ACCOUNT_SUSPENDED" });
  return ok({
    userId: user.id,
    kind: "user",
    role: user.role,
    scopes: null,
    actor: `user:${user.id}`,
    session: { jti, expiresAtMs },
  });
}
