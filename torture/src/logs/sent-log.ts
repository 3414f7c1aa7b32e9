import type { Random } from "../faults/random.ts";
import type { TestUser } from "../faults/send.ts";

/** A log as a client sends it. Its reference is unlike that of every other log, so that it is found among the stored ones. */
export type SentLog = {
  readonly user: TestUser;
  readonly reference: string;
  /** Its own idempotency key; null if it has none, or that of its request and its position. */
  readonly key: string | null;
  readonly action: string;
  readonly success: boolean;
  readonly timestampMs: number;
  /** Whether it counts at its timestamp; otherwise it counts at its arrival. */
  readonly countsAtTimestamp: boolean;
  readonly durationMs: number | null;
  readonly transactionId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
};

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Timestamps that are not near a bound, as a request can take a minute under faults. */
const timestamps: readonly ((random: Random) => { readonly offsetMs: number; readonly counts: boolean })[] = [
  (random) => ({ offsetMs: -random.below(30 * DAY_MS), counts: true }),
  (random) => ({ offsetMs: -random.below(2 * 3_600_000), counts: true }),
  () => ({ offsetMs: 0, counts: true }),
  (random) => ({ offsetMs: random.below(3 * MINUTE_MS), counts: true }),
  (random) => ({ offsetMs: -(32 + random.below(400)) * DAY_MS, counts: false }),
  (random) => ({ offsetMs: (1 + random.below(400)) * DAY_MS, counts: false }),
];

/** Makes random logs. Their details claim a cost that is never the cost of the call. */
export class LogSource {
  readonly #random: Random;
  #made = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  make(
    user: TestUser,
    { isKeyed, transactionId = null }: { readonly isKeyed: boolean; readonly transactionId?: string | null },
  ): SentLog {
    this.#made += 1;
    const random = this.#random;
    const { offsetMs, counts } = random.of(timestamps)(random);
    return {
      ...{ user, reference: `job-${this.#made}`, key: isKeyed ? `log-key-${this.#made}` : null, transactionId },
      action: random.of(["video", "image", "三维"]),
      success: random.below(5) > 0,
      ...{ timestampMs: Date.now() + offsetMs, countsAtTimestamp: counts },
      durationMs: random.below(4) === 0 ? null : random.below(10 ** (1 + random.below(6))),
      details: { n: this.#made, cost: 123_456_789, amount: 123_456_789, prompt: random.of(["一只猫", "50%_", '"']) },
    };
  }
}

/** The fields of a log in the body of a request. */
export const bodyOf = (log: SentLog) => ({
  ...{ userId: log.user.email, action: log.action, success: log.success, details: log.details },
  ...{ timestamp: new Date(log.timestampMs).toISOString(), reference: log.reference },
  ...(log.durationMs === null ? {} : { durationMs: log.durationMs }),
  ...(log.transactionId === null ? {} : { transactionId: log.transactionId }),
});
