import type { Counters, Rate } from "./counters.ts";

/** Limits how many users a service key creates: a leaked key must not fill the database. */
export type NewUserLimits = {
  /** Counts one user. @returns after how many seconds to retry when the limit is reached, undefined when it is not */
  take(keyId: string): Promise<number | undefined>;
};

/** Creates the limit. @param rate of one key; undefined when new users are not counted */
export function createNewUserLimits(counters: Counters, rate: Rate | undefined): NewUserLimits {
  const keys = rate && counters("new-users", rate);
  return {
    take: async (keyId) => {
      const counted = await keys?.take(keyId);
      return counted && !counted.isTaken ? counted.resetSeconds : undefined;
    },
  };
}
