import type { Refusal } from "@jifen/contract";

/** What log and metrics say about a refusal and its answer must not. */
export type About = {
  /** The rate limit that was reached. */
  readonly policy?: "caller" | "address" | "login" | "mail" | "codes" | "logs" | "exports" | "webhooks" | "new-users";
  /** The e-mail address of a failed log-in, as it was sent. */
  readonly account?: string;
};

const abouts = new WeakMap<Refusal, About>();

/** Remembers something about a refusal, beside it: a field of the refusal itself would be in the answer. */
export function withAbout<Refused extends Refusal>(refusal: Refused, about: About): Refused {
  abouts.set(refusal, about);
  return refusal;
}

/** What is remembered about a refusal. */
export const aboutRefusal = (refusal: Refusal): About => abouts.get(refusal) ?? {};
