import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Counter, Counters, Rate } from "./counters.ts";

/** How many wrong passwords one address can try for one account in one window. */
const WINDOW_POINTS = 5;
const FIRST_WINDOW_SECONDS = 60;
const LONGEST_WINDOW_SECONDS = 900;
/** How many wrong passwords a known origin can try before windows begin (NIST SP 800-63B-4, section 3.2.2). */
const KNOWN_FREE_ATTEMPTS = 100;
/** How long failures of an account and address are counted. */
const FAILURE_SECONDS = 86_400;
/** How many wrong passwords an account accepts from unknown origins: from those with few failures, and from the others. */
const FROM_FRESH: Rate = { points: 20, seconds: 900 };
const FROM_REPEATING: Rate = { points: 10, seconds: 900 };
/** How long an address with a successful login stays known for the account. */
const KNOWN_SECONDS = 20 * 86_400;
/** How many wrong passwords are remembered, so that a repeated one counts once. */
const MAX_REMEMBERED = 10_000;

/** An attempt to prove an account's password. */
export type Attempt = {
  readonly account: string;
  /** The client's network address. */
  readonly address: string;
  /** The session that is already open, when its user has to prove the password again. */
  readonly sessionId?: string | undefined;
};

/** The decision about an attempt, before the password is compared. */
type Verdict = {
  /** Whether the password may be compared. Otherwise the response must not differ from that of a wrong password. */
  readonly isOpen: boolean;
  /** Whether the account logged in from this address before. */
  readonly isKnown: boolean;
  /** Whether a limit that applies to unknown origins is reached. */
  readonly isLimited: boolean;
  /** Set when the address has tried too many wrong passwords. */
  readonly retryAfterSeconds?: number | undefined;
};

/** Limits password guessing without locking out the owner of an account. */
export type LoginLimits = {
  /** Call before the password is compared. */
  begin(attempt: Attempt): Promise<Verdict>;
  /**
   * Call after a wrong password that was compared, also for an unknown account.
   * @param fingerprint a keyed hash of the password and of what it was compared with.
   */
  failed(attempt: Attempt, verdict: Pick<Verdict, "isKnown">, fingerprint: string): Promise<void>;
  /** Call after the correct password. */
  succeeded(attempt: Attempt): Promise<void>;
};

/** What the limits count with. */
export type LoginLimitOptions = {
  readonly counters: Counters;
  /** Remembers successful logins; longer than `counters` if those are in memory. */
  readonly history: Counters;
  /** Wrong passwords from one address; undefined when addresses are not counted. */
  readonly perAddress: Rate | undefined;
};

/** The key of an origin: an account together with an address, or one session. */
const originOf = ({ account, address, sessionId }: Attempt): string =>
  sessionId === undefined
    ? `${account} ${address}`
    : `session ${createHash("sha256").update(sessionId).digest("base64url")}`;

/** The length of the window that the n-th failure starts: 1, 2, 4, 8, then 15 minutes. */
const windowSeconds = (failures: number): number =>
  Math.min(FIRST_WINDOW_SECONDS * 2 ** Math.floor((failures - 1) / WINDOW_POINTS), LONGEST_WINDOW_SECONDS);

const isUsedUp = async (counter: Counter, key: string): Promise<boolean> => (await counter.look(key))?.remaining === 0;

/**
 * Counts wrong passwords per origin (an account at an address), in windows that grow from 1 to 15 minutes; per account
 * for all unknown origins; and per address for all accounts. An origin with an earlier successful login is known: it has
 * larger limits of its own, and neither of the other two applies to it (docs/decisions/0023-login-under-attack.md).
 * Only compared passwords count: others tell the client nothing, and would only lock out the owner.
 */
export function createLoginLimits({ counters, history, perAddress }: LoginLimitOptions): LoginLimits {
  const failures = counters("login:pair", { points: KNOWN_FREE_ATTEMPTS, seconds: FAILURE_SECONDS });
  const windows = counters("login:window", { points: WINDOW_POINTS, seconds: FIRST_WINDOW_SECONDS });
  const fresh = counters("login:fresh", FROM_FRESH);
  const repeating = counters("login:repeating", FROM_REPEATING);
  const known = history("login:known", { points: 1, seconds: KNOWN_SECONDS });
  const addresses = perAddress && counters("login:address", perAddress);
  const tried = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  const sourceOf = (failed: number) => (failed < WINDOW_POINTS ? fresh : repeating);
  const isStranger = ({ sessionId }: Attempt) => sessionId === undefined;

  return {
    begin: async (attempt) => {
      const origin = originOf(attempt);
      const [byAddress, success, isWindowUsedUp, failed = 0] = await Promise.all([
        isStranger(attempt) ? addresses?.look(attempt.address) : undefined,
        known.look(origin),
        isUsedUp(windows, origin),
        failures.look(origin).then((count) => count?.consumed),
      ]);
      const isKnown = success !== undefined;
      const retryAfterSeconds = byAddress?.remaining === 0 ? byAddress.resetSeconds : undefined;
      const isAccountUsedUp = isStranger(attempt) && (await isUsedUp(sourceOf(failed), attempt.account));
      const isOpenForUnknown = !isWindowUsedUp && !isAccountUsedUp && retryAfterSeconds === undefined;
      const isOpenForKnown = failed < KNOWN_FREE_ATTEMPTS || !isWindowUsedUp;
      return {
        isOpen: isKnown ? isOpenForKnown : isOpenForUnknown,
        isKnown,
        isLimited: !isOpenForUnknown || failed >= WINDOW_POINTS,
        retryAfterSeconds,
      };
    },
    failed: async (attempt, { isKnown }, fingerprint) => {
      const origin = originOf(attempt);
      const guess = `${origin} ${fingerprint}`;
      if (tried.get(guess)) return;
      tried.set(guess, true);
      const { consumed } = await failures.add(origin);
      if (isKnown) {
        if (consumed >= KNOWN_FREE_ATTEMPTS) await windows.take(origin);
        return;
      }
      await Promise.all([
        windows.take(origin, windowSeconds(consumed)),
        isStranger(attempt) && sourceOf(consumed - 1).add(attempt.account),
        isStranger(attempt) && addresses?.add(attempt.address),
      ]);
    },
    succeeded: async (attempt) => {
      const origin = originOf(attempt);
      await Promise.all([failures.clear(origin), windows.clear(origin), isStranger(attempt) && known.take(origin)]);
    },
  };
}
