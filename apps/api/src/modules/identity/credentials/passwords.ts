import { availableParallelism } from "node:os";
import { truncates } from "bcryptjs";
import { Piscina } from "piscina";
import { type HashOrigin, HashQueue } from "./hash-queue.ts";
import type { PasswordTask } from "./password-worker.ts";

/** bcrypt's work factor: 2^12 rounds. */
const BCRYPT_COST = 12;

/** The hash of discarded random bytes, at the same cost: compared when there is no hash of the user. */
const DUMMY_HASH = "$2b$12$e6weK9DyFp3wVoIlF17NruUilqNFXBb/o1dsrGyFTC38S/14pEZNy";

/** One core stays free for other work. */
const THREADS = Math.max(1, availableParallelism() - 1);

/** One hash takes about a quarter of a second: in a full share the last one waits for 16 seconds. */
const LIMITS = { concurrency: THREADS, perAccount: 10, perShare: 64 * THREADS };

/** Whether a text is a bcrypt hash. Comparing with anything else returns immediately, and the timing would reveal it. */
const isBcrypt = (hash: string): boolean => /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/.test(hash);

/** Hashes passwords with bcrypt in worker threads: on the main thread, twenty logins would block every request for seconds. */
export type Passwords = {
  /**
   * Whether a password matches a hash. For null, and for a password longer than the 72 bytes that bcrypt reads, it takes
   * the same time and returns false.
   * @throws RefusalError OVERLOADED when the queue is full
   */
  matches(password: string, hash: string | null, origin?: HashOrigin): Promise<boolean>;
  /** @throws RangeError for more than 72 bytes; RefusalError OVERLOADED */
  hash(password: string, origin?: HashOrigin): Promise<string>;
  close(): Promise<void>;
};

/** Hashes for the server itself, such as those of USER_WHITELIST. */
const ownWork: HashOrigin = { address: "", account: "", isKnown: false };

const workerFile = new URL(`./password-worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url).href;

/** Starts the first worker thread. */
const startPool = () =>
  new Piscina<PasswordTask, string | boolean>({ filename: workerFile, minThreads: 1, maxThreads: THREADS });

/** Creates a hasher that starts its worker threads when it is first used. */
export function createPasswords(): Passwords {
  let pool: ReturnType<typeof startPool> | undefined;
  const queue = new HashQueue(LIMITS);
  const run = (task: PasswordTask, origin: HashOrigin) =>
    queue.run(origin, () => {
      pool ??= startPool();
      return pool.run(task);
    });
  return {
    matches: async (password, hash, origin = ownWork) => {
      const usable = hash !== null && isBcrypt(hash) && !truncates(password);
      const matches = await run({ kind: "compare", password, hash: usable ? hash : DUMMY_HASH }, origin);
      return usable && matches === true;
    },
    hash: async (password, origin = ownWork) => {
      if (truncates(password)) throw new RangeError("a password must have at most 72 bytes");
      return String(await run({ kind: "hash", password, cost: BCRYPT_COST }, origin));
    },
    close: async () => pool?.close(),
  };
}
