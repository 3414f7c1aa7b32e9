import type { IncomingMessage } from "node:http";
import { connectionOf } from "./connections/connection.ts";
import type { KnownCredentials } from "./known-credentials.ts";
import { isLedgerTarget } from "./ledger-commands.ts";
import type { Schedulable } from "./request-scheduler.ts";

/** A request for the scheduler. Its headers alone decide its priority, and only while the server is busy. */
export const toSchedulable = (
  { method, url = "", headers, socket }: IncomingMessage,
  known: KnownCredentials,
  handle: () => void,
): Schedulable => ({
  handle,
  classify: () => {
    const { authorization } = headers;
    if (authorization === undefined || !known.has(authorization)) {
      return { priority: "other", group: connectionOf(socket)?.address ?? "" };
    }
    return { priority: method === "POST" && isLedgerTarget(url) ? "money" : "known", group: authorization };
  },
});
