import { LRUCache } from "lru-cache";
import { RefusalError } from "../../../http/refusal-error.ts";

/** For what a password is hashed: decides whose turn it is. */
export type HashOrigin = {
  /** The client's network address. */
  readonly address: string;
  /** The account, whether or not it exists; empty for the work of the server itself. */
  readonly account: string;
  /** Whether the account logged in from here before, or proved itself by a link or a session. */
  readonly isKnown: boolean;
};

/** The bounds of a `HashQueue`: running tasks, and waiting ones. */
export type HashQueueLimits = {
  readonly concurrency: number;
  /** Waiting tasks of one account, from all addresses. */
  readonly perAccount: number;
  /** Waiting tasks of known origins, and as many of others. */
  readonly perShare: number;
};

type Waiter = HashOrigin & { readonly start: () => void; readonly drop: () => void };

/**
 * A fair queue for password hashes. Known origins and others have one share each, which take turns; in a share the
 * addresses take turns, and behind one address (it can be a site that logs in all its users) the accounts. So neither
 * many names from few addresses nor many guesses for one account delay others by more than a turn.
 */
export class HashQueue {
  readonly #limits: HashQueueLimits;
  readonly #shares: readonly [known: Share, others: Share];
  #turn = 0;
  #running = 0;

  constructor(limits: HashQueueLimits) {
    this.#limits = limits;
    this.#shares = [new Share(limits), new Share(limits)];
  }

  /** Runs `task` in its turn. @throws RefusalError OVERLOADED when the share of the origin is full */
  async run<Result>(origin: HashOrigin, task: () => Promise<Result>): Promise<Result> {
    if (this.#running >= this.#limits.concurrency) await this.#wait(origin);
    else this.#running += 1;
    try {
      return await task();
    } finally {
      if (!this.#startNext()) this.#running -= 1;
    }
  }

  #wait(origin: HashOrigin): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const drop = () => reject(new RefusalError({ code: "OVERLOADED" }));
    this.#shares[origin.isKnown ? 0 : 1].add({ ...origin, start: resolve, drop });
    return promise;
  }

  /** Gives the place of a task that has ended to the next one. */
  #startNext(): boolean {
    for (let tried = 0; tried < this.#shares.length; tried += 1) {
      const waiter = this.#shares[this.#turn]?.take();
      this.#turn = (this.#turn + 1) % this.#shares.length;
      if (!waiter) continue;
      waiter.start();
      return true;
    }
    return false;
  }
}

/** The waiting tasks of known origins, or of all others, in the order of their arrival. At most some dozens. */
class Share {
  readonly #limits: HashQueueLimits;
  #waiting: Waiter[] = [];
  readonly #addressTurns = new Turns();
  readonly #accountTurns = new Turns();

  constructor(limits: HashQueueLimits) {
    this.#limits = limits;
  }

  /** Adds a task, or drops it. In a full share it replaces the newest task of the address that has most of them. */
  add(waiter: Waiter): void {
    const { perAccount, perShare } = this.#limits;
    const ofAddress = this.#waiting.filter(({ address }) => address === waiter.address);
    const ofAccount = this.#waiting.filter(({ account }) => account === waiter.account);
    const isFull =
      (waiter.account !== "" && ofAccount.length >= perAccount) ||
      (this.#waiting.length >= perShare && !this.#dropForAddressWith(ofAddress.length + 1));
    if (isFull) waiter.drop();
    else this.#waiting.push(waiter);
  }

  /** The next task: of the address, and of its account, whose last turn is the longest ago. */
  take(): Waiter | undefined {
    const address = this.#addressTurns.next(this.#waiting.map((waiter) => waiter.address));
    const ofAddress = this.#waiting.filter((waiter) => waiter.address === address);
    const account = this.#accountTurns.next(ofAddress.map((waiter) => waiter.account));
    const next = ofAddress.find((waiter) => waiter.account === account);
    this.#waiting = this.#waiting.filter((waiter) => waiter !== next);
    return next;
  }

  /** Drops the newest task of the address with the most, if that is more than `fewest`. */
  #dropForAddressWith(fewest: number): boolean {
    const counts = new Map<string, number>();
    for (const { address } of this.#waiting) counts.set(address, (counts.get(address) ?? 0) + 1);
    const most = Math.max(...counts.values());
    if (most <= fewest) return false;
    const dropped = this.#waiting.findLast(({ address }) => counts.get(address) === most);
    this.#waiting = this.#waiting.filter((waiter) => waiter !== dropped);
    dropped?.drop();
    return true;
  }
}

/** More names than wait at any time. */
const MAX_REMEMBERED = 1_000;

/** Remembers in which order names had their last turns. */
class Turns {
  readonly #last = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  #count = 0;

  /** The name with the oldest turn; of those without one the first. */
  next(names: readonly string[]): string | undefined {
    let best: string | undefined;
    for (const name of names) {
      if (best === undefined || (this.#last.get(name) ?? 0) < (this.#last.get(best) ?? 0)) best = name;
    }
    this.#count += 1;
    if (best !== undefined) this.#last.set(best, this.#count);
    return best;
  }
}
