import { fileURLToPath } from "node:url";
import type { Request } from "autocannon";
import { type ServerProcess, startServerProcess } from "../servers/server-process.ts";

/** What the bare server says at one address. */
export type BareAnswer = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Node writes these by itself. */
const ownHeaders = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);

/** Asks a real server once for each request, so that the bare one can answer with the same bytes. */
export function recordAnswers(url: string, requests: readonly Request[]): Promise<BareAnswer[]> {
  return Promise.all(
    requests.map(async ({ method, path, headers, body }) => {
      const response = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
      if (response.status !== 200) throw new Error(`${method} ${path} answered ${response.status}`);
      const kept = [...response.headers].filter(([name]) => !ownHeaders.has(name));
      return { method, path, headers: Object.fromEntries(kept), body: await response.text() };
    }),
  );
}

/** Starts a bare `node:http` server that says the same. */
export const startBareServer = (answers: readonly BareAnswer[]): Promise<ServerProcess> =>
  startServerProcess(fileURLToPath(new URL("bare-server.ts", import.meta.url)), { ANSWERS: JSON.stringify(answers) });
