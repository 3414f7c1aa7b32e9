import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createTransport } from "nodemailer";
import type { Logger } from "pino";

/** One e-mail. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string };

/** Sends e-mails over SMTP. */
export type Mailer = {
  /**
   * Composes and sends an e-mail about a second later, one after another. So neither the response nor the next requests
   * take a time that shows whether there was an e-mail to send.
   * @returns false, and does nothing, when the queue is full.
   */
  sendLater(compose: () => Promise<Mail | undefined>): boolean;
  /** Sends an e-mail now, in one attempt. @returns the answer of the SMTP server. Rejects with its error. */
  sendNow(mail: Mail): Promise<string>;
  /** The host and port of the SMTP server. */
  readonly server: string;
  /** Checks that the SMTP server accepts the connection. Rejects with its error. */
  check(): Promise<void>;
  /** Waits a few seconds for e-mails that are being sent, then closes. */
  close(): Promise<void>;
};

/** The SMTP server, and the sender. */
type MailSettings = { readonly url: string; readonly from: string };

const MAX_QUEUED = 1_000;
const CONNECT_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 20_000;
const CLOSE_TIMEOUT_MS = 5_000;
/** How much later an e-mail is composed: at least, and at most. */
const COMPOSE_DELAY_MS = [500, 1_500] as const;
/** The delay before each attempt. Users who wait longer than a minute request another e-mail. */
const ATTEMPT_DELAYS_MS = [0, 2_000, 15_000];

/** Whether the SMTP server rejected the e-mail permanently (RFC 5321, section 4.2.1). */
const isPermanent = (error: unknown): boolean => ((error as { responseCode?: number }).responseCode ?? 0) >= 500;

/** Creates a mailer that connects when there is an e-mail to send, and keeps the connection. */
export function createMailer({ url, from }: MailSettings, log: Logger): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const closing = new AbortController();
  const stopping = new AbortController();
  const queued = new Set<Promise<void>>();
  let lastTurn: Promise<unknown> = Promise.resolve();

  /** Composes in the order of the requests. A server that stops waits no longer. */
  const composeInTurn = (compose: () => Promise<Mail | undefined>): Promise<Mail | undefined> => {
    const delay = sleep(randomInt(...COMPOSE_DELAY_MS), undefined, { signal: stopping.signal }).catch(() => undefined);
    const composed = lastTurn.then(() => delay).then(compose);
    lastTurn = composed.catch(() => undefined);
    return composed;
  };

  // The recipient is an object: nodemailer would parse a text for more than one address.
  const sendOnce = (mail: Mail) => transport.sendMail({ ...mail, from, to: { name: "", address: mail.to } });

  const send = async (compose: () => Promise<Mail | undefined>) => {
    const mail = await composeInTurn(compose);
    if (!mail) return;
    for (const [attempt, delayMs] of ATTEMPT_DELAYS_MS.entries()) {
      await sleep(delayMs, undefined, { signal: closing.signal });
      try {
        await sendOnce(mail);
        return;
      } catch (error) {
        if (isPermanent(error) || attempt === ATTEMPT_DELAYS_MS.length - 1) throw error;
      }
    }
  };

  return {
    sendLater: (compose) => {
      if (queued.size >= MAX_QUEUED) return false;
      const sent = send(compose)
        .catch((error: unknown) => log.error({ err: error }, "an e-mail was not sent"))
        .finally(() => queued.delete(sent));
      queued.add(sent);
      return true;
    },
    sendNow: async (mail) => (await sendOnce(mail)).response,
    server: new URL(url).host,
    check: async () => {
      await transport.verify();
    },
    close: async () => {
      stopping.abort();
      const timer = setTimeout(() => closing.abort(), CLOSE_TIMEOUT_MS);
      await Promise.race([Promise.all(queued), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      clearTimeout(timer);
      transport.close();
    },
  };
}
