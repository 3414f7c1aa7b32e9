import { JifenError } from "../error.ts";
import { readStream, type StreamRequest } from "./event-stream.ts";
import { type LiveEvent, type LiveKind, toLiveEvent } from "./live-event.ts";
import { reconnectDelayMs } from "./reconnect.ts";

/** What to receive. */
export type LiveOptions = {
  /** Whatever the caller may see if left out. */
  readonly kinds?: readonly LiveKind[] | undefined;
  /** Ends the events, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** The `id` of an event, to resume after it; up to an hour old. */
  readonly lastEventId?: string | undefined;
};

/** Live events: `for await (const event of jifen.live.events()) …` */
export type Live = {
  /**
   * Events as they happen. Reconnects with backoff and jitter, and resumes after the last event, without repeating logs that were
   * already received. Ends when the signal fires or the loop is left.
   * @throws JifenError that a new connection would meet as well, such as UNAUTHENTICATED after `getToken` was called again, or
   * FORBIDDEN
   */
  events(options?: LiveOptions): AsyncGenerator<LiveEvent, void>;
};

/** How many logs are remembered, so that none is delivered twice. */
const REMEMBERED_LOGS = 2_000;
/** How long to wait after the server has ended a stream, if it does not say it. */
const RETRY_MS = 3_000;

type Server = Omit<StreamRequest, "signal">;

/** Creates the live events of a server. `url`: of its event stream. */
export const createLive = (server: Server): Live => ({ events: (options = {}) => liveEvents(server, options) });

async function* liveEvents(server: Server, options: LiveOptions): AsyncGenerator<LiveEvent, void> {
  const { kinds, signal } = options;
  const isRepeated = createRepetitionCheck();
  let { lastEventId } = options;
  for (let [failures, retryMs] = [0, RETRY_MS]; !signal?.aborted; ) {
    try {
      for await (const part of readStream({ ...server, signal, url: urlOf(server.url, { kinds, lastEventId }) })) {
        failures = 0;
        if ("retryMs" in part) {
          retryMs = part.retryMs;
          continue;
        }
        lastEventId = part.id ?? lastEventId;
        const event = toLiveEvent(part);
        if (event && !isRepeated(event)) yield event;
      }
      await pause(retryMs * (0.5 + Math.random() / 2), signal);
    } catch (error) {
      if (signal?.aborted) return;
      failures += 1;
      const delayMs = error instanceof JifenError && reconnectDelayMs({ error, failures, random: Math.random() });
      if (typeof delayMs !== "number") throw error;
      await pause(delayMs, signal);
    }
  }
}

function urlOf(url: string, { kinds, lastEventId }: Pick<LiveOptions, "kinds" | "lastEventId">): string {
  const query = new URLSearchParams({
    ...(kinds && { kinds: kinds.join(",") }),
    ...(lastEventId !== undefined && { lastEventId }),
  }).toString();
  return query === "" ? url : `${url}?${query}`;
}

/** Whether a log was delivered before: the server repeats some when a client resumes. */
function createRepetitionCheck(): (event: LiveEvent) => boolean {
  const ids = new Set<string>();
  return (event) => {
    if (event.kind !== "log") return false;
    const { logId } = event.log;
    if (ids.has(logId)) return true;
    ids.add(logId);
    const [oldest] = ids;
    if (ids.size > REMEMBERED_LOGS && oldest !== undefined) ids.delete(oldest);
    return false;
  };
}

/** Waits, at most until the signal fires. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted) end();
  });
}
