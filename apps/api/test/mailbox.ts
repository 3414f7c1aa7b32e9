import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/** An e-mail as it was received. */
export type Received = { readonly from: string; readonly to: readonly string[]; readonly raw: string };

/** A real SMTP server that keeps the e-mails it receives. */
export type Mailbox = {
  readonly url: string;
  readonly received: readonly Received[];
  /** Refuses the next e-mails temporarily (451). */
  refuseNext(count: number): void;
  close(): Promise<void>;
};

/** Starts an SMTP server on a free port. */
export async function startMailbox(): Promise<Mailbox> {
  const received: Received[] = [];
  let refusing = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData: async (stream, session, done) => {
      const raw = await text(stream);
      if (refusing > 0) {
        refusing -= 1;
        return done(Object.assign(new Error("try again later"), { responseCode: 451 }));
      }
      const { mailFrom, rcptTo } = session.envelope;
      received.push({ from: mailFrom ? mailFrom.address : "", to: rcptTo.map(({ address }) => address), raw });
      done();
    },
  });
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    refuseNext: (count) => {
      refusing = count;
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

/** The decoded text of an e-mail (RFC 2045, sections 6.7 and 6.8). */
export function textOf({ raw }: Received): string {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  if (/content-transfer-encoding: base64/i.test(head)) return Buffer.from(body, "base64").toString();
  if (!/content-transfer-encoding: quoted-printable/i.test(head)) return body;
  const bytes = body
    .replaceAll("=\r\n", "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}
