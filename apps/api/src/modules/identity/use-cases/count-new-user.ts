import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { withAbout } from "../../../http/refusals/about.ts";
import type { Deps } from "../deps.ts";

/** What counting the users that service keys create needs. */
export type NewUserCountDeps = { readonly rateLimits: Pick<Deps["rateLimits"], "newUsers"> };

/** Counts one user that a service key is about to create, however it creates it. Refuses: RATE_LIMITED. */
export async function countNewUser(
  { rateLimits }: NewUserCountDeps,
  keyId: string,
): Promise<Outcome<undefined, Refusal<"RATE_LIMITED">>> {
  const retryAfterSeconds = await rateLimits.newUsers.take(keyId);
  if (retryAfterSeconds === undefined) return ok(undefined);
  return refuse(withAbout({ code: "RATE_LIMITED", retryAfterSeconds } as const, { policy: "new-users" }));
}
