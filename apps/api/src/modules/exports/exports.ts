import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import { RefusalError } from "../../http/refusal-error.ts";
import { withAbout } from "../../http/refusals/about.ts";
import type { Caller } from "../identity/credentials/caller.ts";
import type { ExportJob } from "./export-job.ts";
import { ExportThread } from "./export-thread.ts";
import type { ExportSource } from "./export-worker.ts";
import { type Pace, ReadingTime } from "./reading-time.ts";

/**
 * How many files are written at the same time: by one caller, by this process, and for callers that are not staff. From
 * `shared` files on, such a caller begins no second one.
 */
const EXPORT_LIMITS = { perCaller: 2, total: 4, users: 3, shared: 2 };

/** Stricter than the deadlines of connections: a file that is read slowly occupies one of few places. */
const PACE: Pace = { graceMs: 30_000, bytesPerSecond: 65_536 };

/** When to try again: most files are short. */
const RETRY_AFTER_SECONDS = 10;

/** Files that are being written; and since the start: those that were begun, those that broke off, and rows that were sent. */
export type ExportCounts = {
  readonly running: number;
  readonly started: number;
  readonly failed: number;
  readonly rowsSent: number;
};

/** Who takes a file away. */
type Requester = {
  /** The user whose files are counted. */
  readonly caller: string;
  /** Staff has a place that no user takes. */
  readonly isStaff: boolean;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
};

/** The requester of a file: the owner of the credential. */
export const requesterOf = (
  { userId, role, key }: Pick<Caller, "userId" | "role" | "key">,
  signal: AbortSignal,
): Requester => ({ caller: key?.ownerId ?? userId, isStaff: role !== "user", signal });

/** The files that this process writes. */
export class Exports {
  readonly #source: ExportSource;
  readonly #pace: Pace;
  readonly #threads = new Map<ExportThread, Requester>();
  #started = 0;
  #failed = 0;
  #rowsSent = 0;

  constructor(source: ExportSource, pace: Pace = PACE) {
    this.#source = source;
    this.#pace = pace;
  }

  /** For metrics. */
  get counts(): ExportCounts {
    return { running: this.#threads.size, started: this.#started, failed: this.#failed, rowsSent: this.#rowsSent };
  }

  /**
   * Starts a file, and resolves when its first part is there. The stream fails, without its total, when the database or the
   * thread does, or when it is read too slowly; cancelling it ends the thread.
   * Refuses: RATE_LIMITED, OVERLOADED. @throws DatabaseUnavailable
   */
  async start(
    job: ExportJob,
    requester: Requester,
  ): Promise<Outcome<ReadableStream<Uint8Array>, Refusal<"RATE_LIMITED" | "OVERLOADED">>> {
    const refusal = this.#refusalOf(requester);
    if (refusal) return refuse(refusal);
    const { signal } = requester;
    const thread = new ExportThread({ ...this.#source, job });
    this.#threads.set(thread, requester);
    void thread.ended.finally(() => this.#threads.delete(thread));
    this.#started += 1;
    const onLeave = () => void thread.stop();
    signal.addEventListener("abort", onLeave, { once: true });
    if (signal.aborted) onLeave();
    const next = async () => {
      try {
        return await thread.next();
      } catch (error) {
        this.#failed += signal.aborted ? 0 : 1;
        throw error;
      }
    };
    let first: Awaited<ReturnType<typeof next>>;
    try {
      first = await next();
    } catch (error) {
      // The answer to a client that has left is not sent.
      if (signal.aborted) return ok(new ReadableStream<Uint8Array>());
      throw error;
    }
    return ok(this.#streamOf(thread, { first, next }));
  }

  /** Ends all files. */
  async close(): Promise<void> {
    await Promise.all([...this.#threads.keys()].map((thread) => thread.stop()));
  }

  #refusalOf({ caller, isStaff }: Requester): Refusal<"RATE_LIMITED" | "OVERLOADED"> | undefined {
    const running = [...this.#threads.values()];
    const own = running.filter((each) => each.caller === caller).length;
    const isBusy = !isStaff && running.length >= EXPORT_LIMITS.shared;
    if (own >= (isBusy ? 1 : EXPORT_LIMITS.perCaller)) {
      return withAbout({ code: "RATE_LIMITED", retryAfterSeconds: RETRY_AFTER_SECONDS }, { policy: "exports" });
    }
    const ofUsers = running.filter((each) => !each.isStaff).length;
    const isFull = running.length >= EXPORT_LIMITS.total || (!isStaff && ofUsers >= EXPORT_LIMITS.users);
    return isFull ? { code: "OVERLOADED" } : undefined;
  }

  #streamOf(thread: ExportThread, { first, next }: PartSource): ReadableStream<Uint8Array> {
    let [ready, isLate] = [first, false];
    const reading = new ReadingTime(this.#pace, () => {
      isLate = true;
      this.#failed += 1;
      void thread.stop();
    });
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          reading.stop();
          // A refusal is not logged: the client is slow, and the server works.
          if (isLate) throw new RefusalError({ code: "OVERLOADED" });
          const part = ready ?? (await next());
          ready = undefined;
          if (part === undefined) return controller.close();
          this.#rowsSent += part.rows;
          controller.enqueue(part.bytes);
          reading.start(part.bytes.length);
        },
        cancel: () => {
          reading.stop();
          return thread.stop();
        },
      },
      { highWaterMark: 0 },
    );
  }
}

type PartSource = {
  readonly first: Awaited<ReturnType<ExportThread["next"]>>;
  readonly next: () => ReturnType<ExportThread["next"]>;
};
