import type { IncomingMessage } from "node:http";
import { sessionTokensIn } from "../modules/identity/session/cookie.ts";
import { connectionOf } from "./connections/connection.ts";
import type { KnownCredentials } from "./known-credentials.ts";
import { isLedgerTarget } from "./ledger-commands.ts";
import type { Schedulable } from "./request-scheduler.ts";

/** A request for the scheduler. Its headers alone decide its priority, and only while the server is busy. */
export const toSchedulable = (
  { method, url = "", headers, socket }: Pick<IncomingMessage, "method" | "url" | "headers" | "socket">,
  known: KnownCredentials,
  handle: () => void,
): Schedulable => ({
  handle,
  classify: () => {
    const credential = knownCredentialOf(headers, known);
    if (credential === undefined) return { priority: "other", group: connectionOf(socket)?.address ?? "" };
    return { priority: method === "POST" && isLedgerTarget(url) ? "money" : "known", group: credential };
  },
});

/** A session cookie counts for pages and their scripts too: what a request may do is decided later, by other rules. */
function knownCredentialOf(
  { authorization, cookie }: IncomingMessage["headers"],
  known: KnownCredentials,
): string | undefined {
  const credentials = authorization === undefined ? sessionTokensIn(cookie) : [authorization];
  return credentials.find((credential) => known.has(credential));
}
