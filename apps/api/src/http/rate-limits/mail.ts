import type { Counters, Rate } from "./counters.ts";

/** How many e-mails requests can send to one account. */
const PER_ACCOUNT: Rate = { points: 5, seconds: 3_600 };

/** How many test e-mails one admin can send. */
const TESTS: Rate = { points: 5, seconds: 600 };

/** Limits how many e-mails anonymous requests make the server send. */
export type MailLimits = {
  /** Counts one e-mail to `account`, requested by `address`. `retryAfterSeconds` is set when the address has to wait. */
  take(request: {
    readonly account: string;
    readonly address: string;
  }): Promise<{ readonly isAllowed: boolean; readonly retryAfterSeconds: number | undefined }>;
  /** Counts one test e-mail of an admin. @returns after how many seconds to retry when the limit is reached */
  takeTest(account: string): Promise<number | undefined>;
};

/** Creates the limits. @param perAddress undefined when addresses are not counted. */
export function createMailLimits(counters: Counters, perAddress: Rate | undefined): MailLimits {
  const accounts = counters("mail:account", PER_ACCOUNT);
  const tests = counters("mail:test", TESTS);
  const addresses = perAddress && counters("mail:address", perAddress);
  return {
    take: async ({ account, address }) => {
      const byAddress = await addresses?.take(address);
      if (byAddress && !byAddress.isTaken) return { isAllowed: false, retryAfterSeconds: byAddress.resetSeconds };
      return { isAllowed: (await accounts.take(account)).isTaken, retryAfterSeconds: undefined };
    },
    takeTest: async (account) => {
      const { isTaken, resetSeconds } = await tests.take(account);
      return isTaken ? undefined : resetSeconds;
    },
  };
}
