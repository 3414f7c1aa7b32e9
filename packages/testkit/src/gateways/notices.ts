import { timeLimit } from "../time-limit.ts";
import type { Forgery, Switches } from "./switches.ts";

/** A notice as bytes on a connection. */
export type NoticeRequest = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
};

/** One attempt to deliver a notice. */
export type Delivery = {
  readonly number: string;
  readonly what: string;
  readonly forgery: Forgery | null;
  /** null: no response. */
  readonly status: number | null;
  readonly response: string;
  readonly isAcknowledged: boolean;
};

/** A notice to be sent. It is signed again for each attempt, as the time in it is. */
type Notice = {
  readonly number: string;
  readonly what: string;
  readonly make: (forgery: Forgery | null) => NoticeRequest;
};

/** Sends notices, and sends again what is not acknowledged. */
export type NoticeSender = {
  readonly deliveries: readonly Delivery[];
  send(notice: Notice, forgery?: Forgery): void;
  close(): void;
};

/** Opens a sender. @param acknowledges whether a response is the provider's form of an acknowledgement */
export function openNoticeSender(
  switches: () => Switches,
  acknowledges: (status: number, body: string) => boolean,
): NoticeSender {
  const deliveries: Delivery[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let isClosed = false;

  const later = (ms: number, work: () => Promise<void>): void => {
    if (isClosed) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void work();
    }, ms);
    timers.add(timer);
  };

  const attempt = async (notice: Notice, forgery: Forgery | null, retriesLeft: number): Promise<void> => {
    const { status, response } = await deliver(notice.make(forgery));
    const isAcknowledged = status !== null && acknowledges(status, response);
    deliveries.push({ number: notice.number, what: notice.what, forgery, status, response, isAcknowledged });
    if (isAcknowledged || forgery !== null || retriesLeft === 0) return;
    later(switches().retryMs, () => attempt(notice, null, retriesLeft - 1));
  };

  return {
    deliveries,
    send: (notice, forgery) => {
      const { lose, repeat, delayMs, shuffle, forge, forgeShare, retries } = switches();
      if (forgery === undefined && Math.random() < lose) return;
      const chosen = forgery ?? (Math.random() < forgeShare ? forge : null);
      const times = shuffle ? 1 + Math.floor(Math.random() * repeat) : repeat;
      for (let time = 0; time < times; time++) {
        later(shuffle ? Math.random() * delayMs : delayMs, () => attempt(notice, chosen, retries));
      }
    },
    close: () => {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

async function deliver({
  url,
  method,
  headers,
  body,
}: NoticeRequest): Promise<{ status: number | null; response: string }> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(timeLimit(5)),
      ...(body !== undefined && { body: typeof body === "string" ? body : new Uint8Array(body) }),
    });
    return { status: response.status, response: await response.text() };
  } catch {
    return { status: null, response: "" };
  }
}
