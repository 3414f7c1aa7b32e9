import type { Refusal } from "@jifen/contract";
import { type Outcome, refuse, type UserId } from "@jifen/core";
import { withAbout } from "../../../http/refusals/about.ts";
import type { Deps } from "../deps.ts";

/** Counts an endpoint that is created or tested. @returns the refusal when its owner has made too many */
export async function limit(
  { limits }: Pick<Deps, "limits">,
  ownerId: UserId,
): Promise<Outcome<never, Refusal<"RATE_LIMITED">> | undefined> {
  const retryAfterSeconds = await limits.take(ownerId);
  if (retryAfterSeconds === undefined) return undefined;
  return refuse(withAbout({ code: "RATE_LIMITED", retryAfterSeconds }, { policy: "webhooks" }));
}
