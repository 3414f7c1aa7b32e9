import type { Counters } from "./counters.ts";

/** The bytes in an hour; undefined is without limit. */
export type LogBytes = { readonly user: number | undefined; readonly key: number | undefined };

/** Limits how much one user and one service key can write to the log. */
export type LogLimits = {
  /** Counts `bytes`. @returns after how many seconds to retry when a limit is reached, undefined when none is */
  take(log: {
    readonly user: string;
    readonly key: string | undefined;
    readonly bytes: number;
  }): Promise<number | undefined>;
};

const SECONDS = 3_600;

/** Creates the limits. */
export function createLogLimits(counters: Counters, limits: LogBytes): LogLimits {
  const counterOf = (name: string, points: number | undefined) =>
    points === undefined ? undefined : counters(name, { points, seconds: SECONDS });
  const [users, keys] = [counterOf("logs:user", limits.user), counterOf("logs:key", limits.key)];
  return {
    take: async ({ user, key, bytes }) => {
      const byUser = await users?.take(user, SECONDS, bytes);
      if (byUser && !byUser.isTaken) return byUser.resetSeconds;
      const byKey = key === undefined ? undefined : await keys?.take(key, SECONDS, bytes);
      return byKey && !byKey.isTaken ? byKey.resetSeconds : undefined;
    },
  };
}
