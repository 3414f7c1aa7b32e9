import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Deps } from "../deps.ts";
import type { Mail, Mailer } from "./mailer.ts";

/** A request for an e-mail. The recipient need not be a user. */
type EmailRequest = {
  readonly email: string;
  /** The client's network address. */
  readonly address: string;
  /** Composes the e-mail after the response; undefined when there is none to send. */
  readonly compose: () => Promise<Mail | undefined>;
};

/**
 * Queues an e-mail. The response and its timing are the same for known and unknown recipients. A recipient with too many
 * e-mails gets no more for a while; the response does not show it.
 * Refuses, in this order: RATE_LIMITED, OVERLOADED.
 */
export async function requestEmail(
  { rateLimits }: Pick<Deps, "rateLimits">,
  mailer: Mailer,
  { email, address, compose }: EmailRequest,
): Promise<Outcome<{ success: true }, Refusal<"RATE_LIMITED" | "OVERLOADED">>> {
  const { retryAfterSeconds, isAllowed } = await rateLimits.mail.take({ account: email, address });
  if (retryAfterSeconds !== undefined) return refuse({ code: "RATE_LIMITED", retryAfterSeconds });
  if (isAllowed && !mailer.sendLater(compose)) return refuse({ code: "OVERLOADED" });
  return ok({ success: true });
}
