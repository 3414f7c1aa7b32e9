import { DatabaseUnavailable } from "@jifen/ledger";
import { tlsOptions } from "../../url/tls-options.ts";
import { UnsupportedDatabaseUrl } from "../../url/unsupported-url.ts";
import { Client, type ClientOptions } from "./client.ts";
import type { PostgresqlTarget } from "./target.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** A connected client, and the options with which others connect. */
type Connected = { readonly client: Client; readonly options: ClientOptions };

/** The options of a connection with or without TLS. @throws UnsupportedDatabaseUrl when a file cannot be read */
function optionsOf(target: PostgresqlTarget, isEncrypted: boolean): ClientOptions {
  const { address, tls, isTlsDirect, channelBinding, otherOptions } = target;
  return {
    ...address,
    ...(tls !== undefined && { ssl: isEncrypted ? tlsOptions(tls, address.host ?? "") : false }),
    ...(isTlsDirect && { sslnegotiation: "direct" as const }),
    enableChannelBinding: channelBinding !== "disable",
    requiresChannelBinding: channelBinding === "require",
    ...(otherOptions === "" ? {} : { options: otherOptions }),
  };
}

/** Connects a client. @throws the error of the driver */
export async function connectClient(options: ClientOptions): Promise<Client> {
  const client = new Client({ connectionTimeoutMillis: CONNECT_TIMEOUT_MS, pipeline: true, ...options });
  // A connection that breaks also fails its current statement. An error event without a listener would end the process.
  client.on("error", () => undefined);
  await client.connect();
  if (client.refusal) throw client.refusal;
  client.isOpen = true;
  return client;
}

/**
 * Opens the first connection. `sslmode=prefer` uses TLS if the server has it, which is decided here, once.
 * @throws DatabaseUnavailable, UnsupportedDatabaseUrl
 */
export async function connectFirst(target: PostgresqlTarget): Promise<Connected> {
  const timeout = target.connectTimeoutMs === undefined ? {} : { connectionTimeoutMillis: target.connectTimeoutMs };
  const connectWith = async (isEncrypted: boolean): Promise<Connected> => {
    const options = optionsOf(target, isEncrypted);
    return { client: await connectClient({ ...options, ...timeout }), options };
  };
  const level = target.tls?.level ?? "off";
  try {
    if (level !== "prefer") return await connectWith(level !== "off");
    return await connectWith(true).catch((error: Error) => {
      if (!/does not support SSL/.test(error.message)) throw error;
      return connectWith(false);
    });
  } catch (error) {
    if (error instanceof UnsupportedDatabaseUrl) throw error;
    throw new DatabaseUnavailable("the database cannot be reached", { cause: error });
  }
}
