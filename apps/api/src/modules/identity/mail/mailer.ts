import { setTimeout as pause } from "node:timers/promises";
import { createTransport } from "nodemailer";
import type { Logger } from "pino";

/** One mail. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string };

/** Sends mail. */
export type Mailer = {
  /**
   * Makes a mail and sends it, after the answer: nobody learns from the time it takes whether there was one to send.
   * @returns false, and does nothing, when too many are waiting.
   */
  sendLater(make: () => Promise<Mail | undefined>): boolean;
  /** Whether the mail server takes what is sent. Rejects with what it says. */
  check(): Promise<void>;
  /** Gives what is being sent a few seconds. */
  close(): Promise<void>;
};

/** Where mail goes, and from whom. */
type Way = { readonly url: string; readonly from: string };

const MAX_WAITING = 1_000;
const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 20_000;
const CLOSING_MS = 5_000;
/** Before each try. Whoever waits for a mail asks again after a minute. */
const PAUSES_MS = [0, 2_000, 15_000];

/** What the mail server will not take, however often it is asked (RFC 5321, section 4.2.1). */
const isFinal = (error: unknown): boolean => ((error as { responseCode?: number }).responseCode ?? 0) >= 500;

/** Connects when there is something to send, and keeps the connection for more. */
export function createMailer({ url, from }: Way, log: Logger): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const closing = new AbortController();
  const waiting = new Set<Promise<void>>();

  const send = async (make: () => Promise<Mail | undefined>) => {
    const mail = await make();
    if (!mail) return;
    for (const [tries, ms] of PAUSES_MS.entries()) {
      await pause(ms, undefined, { signal: closing.signal });
      try {
        // As an object: text would be looked through for further addresses.
        await transport.sendMail({ ...mail, from, to: { name: "", address: mail.to } });
        return;
      } catch (error) {
        if (isFinal(error) || tries === PAUSES_MS.length - 1) throw error;
      }
    }
  };

  return {
    sendLater: (make) => {
      if (waiting.size >= MAX_WAITING) return false;
      const sent = send(make)
        .catch((error: unknown) => log.error({ err: error }, "a mail was not sent"))
        .finally(() => waiting.delete(sent));
      waiting.add(sent);
      return true;
    },
    check: async () => {
      await transport.verify();
    },
    close: async () => {
      const patience = setTimeout(() => closing.abort(), CLOSING_MS);
      await Promise.race([Promise.all(waiting), pause(CLOSING_MS, undefined, { ref: false })]);
      clearTimeout(patience);
      transport.close();
    },
  };
}
