import { availableParallelism } from "node:os";
import { truncates } from "bcryptjs";
import { Piscina } from "piscina";
import { RefusalError } from "../../../http/refusal-error.ts";
import type { PasswordTask } from "./password-worker.ts";

/** bcrypt's work factor: 2^12 rounds. */
const BCRYPT_COST = 12;

/** The hash of discarded random bytes, at the same cost: compared when there is no hash of the user. */
const DUMMY_HASH = "$2b$12$e6weK9DyFp3wVoIlF17NruUilqNFXBb/o1dsrGyFTC38S/14pEZNy";

/** One core stays free for other work. */
const THREADS = Math.max(1, availableParallelism() - 1);

/** Whether a text is a bcrypt hash. Comparing with anything else returns immediately, and the timing would reveal it. */
const isBcrypt = (hash: string): boolean => /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/.test(hash);

/** One hash takes about a quarter of a second: a longer queue would keep clients waiting for more than five seconds. */
const MAX_QUEUED = 20 * THREADS;

/** Hashes passwords with bcrypt in worker threads: on the main thread, twenty logins would block every request for seconds. */
export type Passwords = {
  /**
   * Whether a password matches a hash. For null, and for a password longer than the 72 bytes that bcrypt reads, it takes
   * the same time and returns false.
   * @throws RefusalError OVERLOADED when the queue is full
   */
  matches(password: string, hash: string | null): Promise<boolean>;
  /** @throws RangeError for more than 72 bytes; RefusalError OVERLOADED */
  hash(password: string): Promise<string>;
  close(): Promise<void>;
};

const workerFile = new URL(`./password-worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url).href;

/** Starts the worker threads. */
export function createPasswords(): Passwords {
  const pool = new Piscina<PasswordTask, string | boolean>({
    filename: workerFile,
    minThreads: 1,
    maxThreads: THREADS,
    maxQueue: MAX_QUEUED,
  });
  const run = async (task: PasswordTask) => {
    if (pool.queueSize >= MAX_QUEUED) throw new RefusalError({ code: "OVERLOADED" });
    return pool.run(task);
  };
  return {
    matches: async (password, hash) => {
      const usable = hash !== null && isBcrypt(hash) && !truncates(password);
      const matches = await run({ kind: "compare", password, hash: usable ? hash : DUMMY_HASH });
      return usable && matches === true;
    },
    hash: async (password) => {
      if (truncates(password)) throw new RangeError("a password must have at most 72 bytes");
      return String(await run({ kind: "hash", password, cost: BCRYPT_COST }));
    },
    close: () => pool.close(),
  };
}
