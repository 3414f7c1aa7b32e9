import { availableParallelism } from "node:os";
import { truncates } from "bcryptjs";
import { Piscina } from "piscina";
import { RefusalError } from "../../../http/refusal-error.ts";
import type { PasswordTask } from "./password-worker.ts";

/** bcrypt's work factor: 2^12 rounds. */
const BCRYPT_COST = 12;

/** The hash of random bytes that nobody kept, at the same cost, for people who do not exist. */
const NOBODY = "$2b$12$e6weK9DyFp3wVoIlF17NruUilqNFXBb/o1dsrGyFTC38S/14pEZNy";

/** One core stays free for everything else. */
const THREADS = Math.max(1, availableParallelism() - 1);

/** What bcrypt writes. Anything else would be compared in no time, which tells that it is there. */
const isBcrypt = (hash: string): boolean => /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/.test(hash);

/** At a quarter of a second each, more than this is more than anybody waits for. */
const MAX_WAITING = 20 * THREADS;

/** Passwords, hashed by bcrypt in worker threads: on the main thread twenty logins would stop everything for seconds. */
export type Passwords = {
  /**
   * Whether the password belongs to the hash. Takes as long for null, and for what bcrypt would cut
   * off after 72 bytes, and is false then.
   * @throws RefusalError OVERLOADED when too many are waiting
   */
  matches(password: string, hash: string | null): Promise<boolean>;
  /** @throws RangeError over 72 bytes; RefusalError OVERLOADED */
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
    maxQueue: MAX_WAITING,
  });
  const run = async (task: PasswordTask) => {
    if (pool.queueSize >= MAX_WAITING) throw new RefusalError({ code: "OVERLOADED" });
    return pool.run(task);
  };
  return {
    matches: async (password, hash) => {
      const usable = hash !== null && isBcrypt(hash) && !truncates(password);
      const matches = await run({ kind: "compare", password, hash: usable ? hash : NOBODY });
      return usable && matches === true;
    },
    hash: async (password) => {
      if (truncates(password)) throw new RangeError("a password may have at most 72 bytes");
      return String(await run({ kind: "hash", password, cost: BCRYPT_COST }));
    },
    close: () => pool.close(),
  };
}
