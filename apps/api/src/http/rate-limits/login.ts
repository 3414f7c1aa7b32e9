import type { Counters, Rate } from "./counters.ts";

/** How many wrong passwords one address can try for one account before a delay. */
const FREE_ATTEMPTS = 5;
const FIRST_DELAY_SECONDS = 60;
const LONGEST_DELAY_SECONDS = 900;
/** How long failures of an account and address are counted. */
const FAILURE_WINDOW_SECONDS = 86_400;
/** How many wrong passwords an account accepts from all addresses pairs. */
const PER_ACCOUNT: Rate = { points: 50, seconds: 3_600 };
/** How long an address with a successful login stays known for the account. */
const KNOWN_SECONDS = 20 * 86_400;

/** An attempt to log in. */
type Attempt = { readonly account: string; readonly address: string };

/** The decision about an attempt. */
type Verdict =
  | { readonly is: "open" }
  /** Even the correct password fails. The response must not differ from that of a wrong password. */
  | { readonly is: "locked" }
  | { readonly is: "limited"; readonly retryAfterSeconds: number };

/** Limits password guessing without locking out the owner of an account. */
export type LoginLimits = {
  /** Call before the password is checked. */
  begin(attempt: Attempt): Promise<Verdict>;
  /** Call after a wrong password, for an unknown account, and for a locked attempt. */
  failed(attempt: Attempt, verdict: Verdict): Promise<void>;
  /** Call after the correct password. */
  succeeded(attempt: Attempt): Promise<void>;
};

const delaySeconds = (failures: number): number =>
  Math.min(FIRST_DELAY_SECONDS * 2 ** (failures - FREE_ATTEMPTS), LONGEST_DELAY_SECONDS);

/**
 * Counts wrong passwords in three ways: per account and address, with a delay that grows from 1 to 15 minutes; per
 * account, where addresses with an earlier successful login are exempt, so that strangers cannot lock out the owner
 * (OWASP ASVS 5.0, 6.1.1); and per address for all accounts. Successful logins do not count against an address: a site
 * can log all its users in from one address.
 * @param perAddress undefined when addresses are not counted.
 */
export function createLoginLimits(counters: Counters, perAddress: Rate | undefined): LoginLimits {
  const pairs = counters("login:pair", { points: FREE_ATTEMPTS, seconds: FAILURE_WINDOW_SECONDS });
  const gate = counters("login:gate", { points: 1, seconds: FIRST_DELAY_SECONDS });
  const accounts = counters("login:account", PER_ACCOUNT);
  const knownPairs = counters("login:known", { points: 1, seconds: KNOWN_SECONDS });
  const addresses = perAddress && counters("login:address", perAddress);
  const pairOf = ({ account, address }: Attempt) => `${account} ${address}`;

  /** Before the lock every attempt passes, also concurrent ones. After it one attempt passes per delay. */
  const isPairOpen = async (pair: string): Promise<boolean> => {
    const failures = (await pairs.look(pair))?.consumed ?? 0;
    return failures < FREE_ATTEMPTS || (await gate.take(pair, delaySeconds(failures + 1))).isTaken;
  };

  return {
    begin: async (attempt) => {
      const byAddress = await addresses?.look(attempt.address);
      if (byAddress && byAddress.remaining === 0) return { is: "limited", retryAfterSeconds: byAddress.resetSeconds };
      if (!(await isPairOpen(pairOf(attempt)))) return { is: "locked" };
      const byAccount = await accounts.look(attempt.account);
      const isLocked =
        byAccount !== undefined && byAccount.remaining === 0 && !(await knownPairs.look(pairOf(attempt)));
      return { is: isLocked ? "locked" : "open" };
    },
    failed: async (attempt, { is }) => {
      await Promise.all([accounts.add(attempt.account), addresses?.add(attempt.address)]);
      // Attempts during a lock do not extend it.
      if (is !== "open") return;
      const { consumed } = await pairs.add(pairOf(attempt));
      if (consumed >= FREE_ATTEMPTS) await gate.take(pairOf(attempt), delaySeconds(consumed));
    },
    succeeded: async (attempt) => {
      const pair = pairOf(attempt);
      await Promise.all([pairs.clear(pair), gate.clear(pair), knownPairs.take(pair)]);
    },
  };
}
