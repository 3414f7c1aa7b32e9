import type { Counters, Rate } from "./counters.ts";
import { createLoginLimits, type LoginLimits } from "./login.ts";
import { createMailLimits, type MailLimits } from "./mail.ts";

/** How much is allowed; undefined is as much as anybody likes. */
export type Rates = {
  /** Calls of one caller. */
  readonly caller?: Rate | undefined;
  /** Calls without a good credential from one address. */
  readonly ip?: Rate | undefined;
  /** Wrong passwords from one address. */
  readonly login?: Rate | undefined;
  /** Mails that one address asks for. */
  readonly mail?: Rate | undefined;
};

/** What was counted, as the answer tells it. */
type Counted = {
  readonly isAllowed: boolean;
  readonly retryAfterSeconds: number;
  /** RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers). */
  readonly headers: Readonly<Record<string, string>>;
};

/** Who or what a call is counted against. */
type CountedBy = { readonly policy: "caller" | "ip"; readonly key: string };

/** Counts calls. */
export type RateLimits = {
  /** One call; undefined where nothing is counted. */
  count(by: CountedBy): Promise<Counted | undefined>;
  readonly login: LoginLimits;
  readonly mail: MailLimits;
};

/** Limits of `rates`. */
export function createRateLimits(counters: Counters, rates: Rates): RateLimits {
  const policyOf = (name: CountedBy["policy"]) => {
    const rate = rates[name];
    return rate && { counter: counters(name, rate), told: `"${name}";q=${rate.points};w=${rate.seconds}` };
  };
  const policies = { caller: policyOf("caller"), ip: policyOf("ip") };
  return {
    count: async ({ policy: name, key }) => {
      const policy = policies[name];
      if (!policy) return undefined;
      const { isTaken, remaining, resetSeconds } = await policy.counter.take(key);
      return {
        isAllowed: isTaken,
        retryAfterSeconds: resetSeconds,
        headers: { "RateLimit-Policy": policy.told, RateLimit: `"${name}";r=${remaining};t=${resetSeconds}` },
      };
    },
    login: createLoginLimits(counters, rates.login),
    mail: createMailLimits(counters, rates.mail),
  };
}
