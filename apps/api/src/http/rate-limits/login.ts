import type { Counters, Rate } from "./counters.ts";

/** How many wrong passwords somebody may try for one account before having to wait. */
const FREE_ATTEMPTS = 5;
const FIRST_DELAY_SECONDS = 60;
const LONGEST_DELAY_SECONDS = 900;
/** How long wrong passwords are remembered. */
const REMEMBERED_SECONDS = 86_400;
/** How many wrong passwords an account takes from everywhere together. */
const PER_ACCOUNT: Rate = { points: 50, seconds: 3_600 };
/** How long an address is known from which somebody has logged in. */
const KNOWN_SECONDS = 20 * 86_400;

/** One who tries to log in. */
type Attempt = { readonly account: string; readonly address: string };

/** What becomes of an attempt. */
type Verdict =
  | { readonly is: "open" }
  /** Not even the right password opens now; nobody is to notice. */
  | { readonly is: "locked" }
  | { readonly is: "limited"; readonly retryAfterSeconds: number };

/** Keeps passwords from being guessed, and nobody from their own account. */
export type LoginLimits = {
  /** Before the password is looked at. */
  begin(attempt: Attempt): Promise<Verdict>;
  /** After a wrong password, an unknown account, or while it was locked. */
  failed(attempt: Attempt, verdict: Verdict): Promise<void>;
  /** After the right one. */
  succeeded(attempt: Attempt): Promise<void>;
};

const delaySeconds = (failures: number): number =>
  Math.min(FIRST_DELAY_SECONDS * 2 ** (failures - FREE_ATTEMPTS), LONGEST_DELAY_SECONDS);

/**
 * Wrong passwords are counted for an account from one address, with a pause that grows from a minute to a quarter of an
 * hour; for an account from everywhere, except from where it was opened before, so that nobody is locked out by
 * strangers (OWASP ASVS 5.0, 6.1.1); and from an address for all accounts. Right ones are never counted against an
 * address: a site logs all its people in from one.
 * @param perAddress undefined when addresses are not counted.
 */
export function createLoginLimits(counters: Counters, perAddress: Rate | undefined): LoginLimits {
  const together = counters("login:pair", { points: FREE_ATTEMPTS, seconds: REMEMBERED_SECONDS });
  const gate = counters("login:gate", { points: 1, seconds: FIRST_DELAY_SECONDS });
  const everywhere = counters("login:account", PER_ACCOUNT);
  const known = counters("login:known", { points: 1, seconds: KNOWN_SECONDS });
  const addresses = perAddress && counters("login:address", perAddress);
  const pairOf = ({ account, address }: Attempt) => `${account} ${address}`;

  /** Once there is a lock, one attempt passes in each time. Until then right passwords, even many at once, are let in. */
  const isPairOpen = async (pair: string): Promise<boolean> => {
    const failures = (await together.look(pair))?.consumed ?? 0;
    return failures < FREE_ATTEMPTS || (await gate.take(pair, delaySeconds(failures + 1))).isTaken;
  };

  return {
    begin: async (attempt) => {
      const seen = await addresses?.look(attempt.address);
      if (seen && seen.remaining === 0) return { is: "limited", retryAfterSeconds: seen.resetSeconds };
      if (!(await isPairOpen(pairOf(attempt)))) return { is: "locked" };
      const tried = await everywhere.look(attempt.account);
      const isLocked = tried !== undefined && tried.remaining === 0 && !(await known.look(pairOf(attempt)));
      return { is: isLocked ? "locked" : "open" };
    },
    failed: async (attempt, { is }) => {
      await Promise.all([everywhere.add(attempt.account), addresses?.add(attempt.address)]);
      // Whoever goes on while it is locked does not make it longer.
      if (is !== "open") return;
      const { consumed } = await together.add(pairOf(attempt));
      if (consumed >= FREE_ATTEMPTS) await gate.take(pairOf(attempt), delaySeconds(consumed));
    },
    succeeded: async (attempt) => {
      const pair = pairOf(attempt);
      await Promise.all([together.clear(pair), gate.clear(pair), known.take(pair)]);
    },
  };
}
