import { Client } from "../src/drivers/postgresql/client.ts";

/** A statement as it is sent: with a name when each connection prepares it once, as those of the ledger. */
export type Statement = { readonly name: string | undefined; readonly text: string };

type Asked = string | { readonly name?: string; readonly text: string };

/**
 * Captures each statement that PostgreSQL gets from now on through a pool of the driver, whichever store or library sends it.
 * Not captured: statements of single connections, which migrate and inspect, and of the clients of tests.
 * @returns the statements by their texts
 */
export function captureStatements(): ReadonlyMap<string, Statement> {
  const captured = new Map<string, Statement>();
  const query = Client.prototype.query as (...args: unknown[]) => unknown;
  function capturing(this: Client, ...args: [Asked, ...unknown[]]) {
    const [asked] = args;
    const { name, text } = typeof asked === "string" ? { name: undefined, text: asked } : asked;
    // A pool has a class of its own.
    if (this.constructor !== Client) captured.set(text, { name, text });
    return query.apply(this, args);
  }
  Object.assign(Client.prototype, { query: capturing });
  return captured;
}
