import type { OutgoingEvent, WebhookEndpoint } from "@jifen/database";
import { Webhook } from "standardwebhooks";
import { isoTime } from "../../values/iso-time.ts";
import type { Message } from "./send.ts";

/** The parts of an event that are sent. */
type Sent = Pick<OutgoingEvent, "id" | "type" | "data" | "createdAtMs">;

/** An endpoint that is sent to. */
export type Target = Pick<WebhookEndpoint, "url" | "secret" | "previousSecret" | "previousUntilMs">;

/**
 * An event as a message by the Standard Webhooks specification. The body is the same each time. While a secret is being
 * replaced, there is a signature of each of the two.
 */
export function signedMessage(
  { url, secret, previousSecret, previousUntilMs }: Target,
  { id, type, data, createdAtMs }: Sent,
  nowMs: number,
): Message {
  const body = JSON.stringify({ type, timestamp: isoTime(createdAtMs), data: JSON.parse(data) });
  const isRolling = previousSecret !== null && previousUntilMs !== null && nowMs < previousUntilMs;
  const secrets = isRolling ? [secret, previousSecret] : [secret];
  const at = new Date(nowMs);
  return {
    url,
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "Jifen-Webhooks",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(nowMs / 1_000)),
      "webhook-signature": secrets.map((each) => new Webhook(each).sign(id, at, body)).join(" "),
    },
  };
}
