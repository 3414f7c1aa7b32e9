import { type CodeLimits, createCodeLimits } from "./codes.ts";
import type { Counters, Rate } from "./counters.ts";
import { createLogLimits, type LogBytes, type LogLimits } from "./log-bytes.ts";
import { createLoginLimits, type LoginLimits } from "./login.ts";
import { createMailLimits, type MailLimits } from "./mail.ts";
import { createNewUserLimits, type NewUserLimits } from "./new-users.ts";
import { createOrderLimits, type OrderLimits } from "./orders.ts";
import { createWebhookLimits, type WebhookLimits } from "./webhooks.ts";

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
  /** Wrong redemption codes of one user, and ten times as many from one address. */
  readonly codes?: Rate | undefined;
  /** Users that one service key creates. */
  readonly newUsers?: Rate | undefined;
  /** Orders of one user. */
  readonly orders?: Rate | undefined;
  /** Webhook endpoints that one owner creates or tests. */
  readonly webhooks?: Rate | undefined;
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
  readonly codes: CodeLimits;
  readonly logs: LogLimits;
  readonly newUsers: NewUserLimits;
  readonly orders: OrderLimits;
  readonly webhooks: WebhookLimits;
};

/** Creates the limits of `rates`. @param history is shared by all servers: it remembers successful logins, and who was created. */
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
    codes: createCodeLimits(counters, rates.codes),
    logs: createLogLimits(counters, rates.logs ?? { user: undefined, key: undefined }),
    newUsers: createNewUserLimits(history, rates.newUsers),
    orders: createOrderLimits(counters, rates.orders),
    webhooks: createWebhookLimits(counters, rates.webhooks),
  };
}
