import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Deps } from "../deps.ts";
import type { Mail, Mailer } from "./mailer.ts";

/** Somebody asks for a mail to an address that may be anybody's. */
type Wish = {
  readonly email: string;
  readonly address: string;
  /** The mail, if there is a reason for one. Made after the answer. */
  readonly make: () => Promise<Mail | undefined>;
};

/**
 * Answers the same, in the same time, whether there is such a user or not. An address that gets too many mails gets no
 * more for a while, and nobody is told.
 * Refuses, in this order: RATE_LIMITED, OVERLOADED.
 */
export async function requestEmail(
  { rateLimits }: Pick<Deps, "rateLimits">,
  mailer: Mailer,
  { email, address, make }: Wish,
): Promise<Outcome<{ success: true }, Refusal<"RATE_LIMITED" | "OVERLOADED">>> {
  const { retryAfterSeconds, isAllowed } = await rateLimits.mail.take({ account: email, address });
  if (retryAfterSeconds !== undefined) return refuse({ code: "RATE_LIMITED", retryAfterSeconds });
  if (isAllowed && !mailer.sendLater(make)) return refuse({ code: "OVERLOADED" });
  return ok({ success: true });
}
