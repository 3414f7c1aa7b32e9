import type { Counters, Rate } from "./counters.ts";
import { createLogLimits, type LogBytes, type LogLimits } from "./log-bytes.ts";
import { createLoginLimits, type LoginLimits } from "./login.ts";
import { createMailLimits, type MailLimits } from "./mail.ts";

/** The configured limits. Undefined: no limit. */
export type Rates = {
  /** Calls of one caller. */
  readonly caller?: Rate | undefined;
  /** Calls without a valid credential from one address. */
  readonly ip?: Rate | undefined;
  /** Wrong passwords from one address. */
  readonly login?: Rate | undefined;
  /** E-mails that one address requests. */
  readonly mail?: Rate | undefined;
  /** Bytes of logs in an hour. */
  readonly logs?: LogBytes | undefined;
};

/** The result of counting a call. */
type Counted = {
  readonly isAllowed: boolean;
  readonly retryAfterSeconds: number;
  /** RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers). */
  readonly headers: Readonly<Record<string, string>>;
};

/** The policy and key that a call counts for. */
type CountKey = { readonly policy: "caller" | "ip"; readonly key: string };

/** Counts calls. */
export type RateLimits = {
  /** Counts one call; undefined when no limit applies. */
  count(by: CountKey): Promise<Counted | undefined>;
  readonly login: LoginLimits;
  readonly mail: MailLimits;
  readonly logs: LogLimits;
};

/** Creates the limits of `rates`. @param history remembers successful logins. */
export function createRateLimits(counters: Counters, rates: Rates, history: Counters = counters): RateLimits {
  const policyOf = (name: CountKey["policy"]) => {
    const rate = rates[name];
    return rate && { counter: counters(name, rate), header: `"${name}";q=${rate.points};w=${rate.seconds}` };
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
        headers: { "RateLimit-Policy": policy.header, RateLimit: `"${name}";r=${remaining};t=${resetSeconds}` },
      };
    },
    login: createLoginLimits({ counters, history, perAddress: rates.login }),
    mail: createMailLimits(counters, rates.mail),
    logs: createLogLimits(counters, rates.logs ?? { user: undefined, key: undefined }),
  };
}
