import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { PostgresqlServer } from "./postgresql-server.ts";

/** What the server's process says, once. */
export type EmbeddedMessage = { readonly url: string } | { readonly failure: string };

/**
 * Starts a real PostgreSQL from npm in a temporary folder, on a free port.
 * It lives in a process of its own: the library ends its process with exit code 0 when that has nothing
 * left to do, which would turn a failed test run into a success. That process ends when this one does.
 * @throws Error with what the server said when it did not start.
 */
export async function startEmbeddedPostgresql(): Promise<PostgresqlServer> {
  const child = fork(fileURLToPath(new URL("embedded-postgres-process.ts", import.meta.url)), { stdio: "pipe" });
  const ended = once(child, "exit");
  const [message] = (await Promise.race([
    once(child, "message"),
    ended.then(() => [{ failure: "its process ended without a word" }]),
  ])) as [EmbeddedMessage];
  if ("failure" in message) throw new Error(`No PostgreSQL could be started: ${message.failure}`);
  const { host } = new URL(message.url);
  return {
    url: message.url,
    description: `PostgreSQL at ${host} (started for this run)`,
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}
