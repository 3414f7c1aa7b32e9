import type { Language } from "@jifen/contract";

/** How a client reaches its server, for responses that are no calls of a procedure. */
export type Connection = {
  /** The address of the server, without a slash at its end. */
  readonly url: string;
  readonly language: Language | undefined;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  /** @throws TransportFailure NOT_SENT */
  readonly headers: () => Promise<Record<string, string>>;
};

const connections = new WeakMap<object, Connection>();

/** Remembers how a client reaches its server. */
export function rememberConnection<Client extends object>(client: Client, connection: Connection): Client {
  connections.set(client, connection);
  return client;
}

/** The connection of a client. @throws TypeError for an object that `createJifenClient` did not create */
export function connectionOf(client: object): Connection {
  const connection = connections.get(client);
  if (!connection) throw new TypeError("this is not a client of createJifenClient");
  return connection;
}
