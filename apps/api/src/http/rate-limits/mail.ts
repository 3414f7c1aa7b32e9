import type { Counters, Rate } from "./counters.ts";

/** How many mails somebody gets whom strangers may send some. */
const PER_ACCOUNT: Rate = { points: 5, seconds: 3_600 };

/** Keeps people from being flooded with mail, and the server from being who floods them. */
export type MailLimits = {
  /** Counts one mail to `account` that `address` asks for. `retryAfterSeconds` is there when the address has to wait. */
  take(wish: {
    readonly account: string;
    readonly address: string;
  }): Promise<{ readonly isAllowed: boolean; readonly retryAfterSeconds: number | undefined }>;
};

/** @param perAddress undefined when addresses are not counted. */
export function createMailLimits(counters: Counters, perAddress: Rate | undefined): MailLimits {
  const accounts = counters("mail:account", PER_ACCOUNT);
  const addresses = perAddress && counters("mail:address", perAddress);
  return {
    take: async ({ account, address }) => {
      const asked = await addresses?.take(address);
      if (asked && !asked.isTaken) return { isAllowed: false, retryAfterSeconds: asked.resetSeconds };
      return { isAllowed: (await accounts.take(account)).isTaken, retryAfterSeconds: undefined };
    },
  };
}
