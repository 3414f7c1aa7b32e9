import type { Counter, Counters, Rate } from "./counters.ts";

/** Who redeems a code. */
type Attempt = {
  readonly user: string;
  /** The client's network address; undefined for a service, whose address is that of all of its users. */
  readonly address: string | undefined;
};

/** One address may have so many times the wrong codes of one user: that of an office, a school or a site has many users. */
const ADDRESS_FACTOR = 10;

/** Limits guessing of redemption codes: wrong codes of one user, and those from one address. */
export type CodeLimits = {
  /** Call before a code is looked up. @returns after how many seconds to retry when a limit is reached, undefined when none is */
  retryAfter(attempt: Attempt): Promise<number | undefined>;
  /** Call after a code that was looked up and is not valid. */
  failed(attempt: Attempt): Promise<void>;
};

/** Creates the limits. @param rate of one user; undefined when wrong codes are not counted */
export function createCodeLimits(counters: Counters, rate: Rate | undefined): CodeLimits {
  const users = rate && counters("codes:user", rate);
  const addresses = rate && counters("codes:address", { ...rate, points: rate.points * ADDRESS_FACTOR });
  const countersOf = ({ user, address }: Attempt): readonly (readonly [Counter, string])[] => [
    ...(users ? [[users, user] as const] : []),
    ...(addresses && address !== undefined ? [[addresses, address] as const] : []),
  ];
  return {
    retryAfter: async (attempt) => {
      const counts = await Promise.all(countersOf(attempt).map(([counter, key]) => counter.look(key)));
      const reached = counts.flatMap((count) => (count?.remaining === 0 ? [count.resetSeconds] : []));
      return reached.length === 0 ? undefined : Math.max(...reached);
    },
    failed: async (attempt) => {
      await Promise.all(countersOf(attempt).map(([counter, key]) => counter.add(key)));
    },
  };
}
