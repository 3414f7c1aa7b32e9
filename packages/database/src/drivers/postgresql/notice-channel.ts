import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { NoticeChannel, NoticedUsers } from "../../notices/notice-channel.ts";
import { createNoticeTexts } from "../../notices/notice-text.ts";
import { createPollingChannel } from "../../notices/polling-channel.ts";
import type { Client, ClientOptions } from "./client.ts";
import { connectClient } from "./connect.ts";
import type { Route } from "./pool.ts";
import { startupOptions } from "./settings.ts";

/** How long a statement may take: a server that does not answer loses the connection. */
const STATEMENT_MS = 2_000;
/** How often a lost connection is opened again while there is a listener, and how often an open one is checked. */
const RECONNECT_MS = 1_000;
const CHECKS_EACH = 10;
/** How long closing waits for the server. */
const CLOSE_MS = 500;

/**
 * Notices by NOTIFY, on a connection of its own: in a transaction of the ledger it would make commits wait for each other. A
 * pooler gives each transaction another session, which cannot listen: behind one, the database is polled.
 */
export const createPostgresqlNotices = (route: Route): NoticeChannel =>
  route.isPooled ? createPollingChannel() : new PostgresqlNotices(route);

/** Channels are shared by all schemas of a database. */
const channelOf = (schema: string): string =>
  `jifen_live_${createHash("sha256").update(schema).digest("hex").slice(0, 16)}`;

/** A notice needs no place on disk. */
function optionsOf({ options, settings }: Route): ClientOptions {
  const all = startupOptions([...settings, ["synchronous_commit", "off"]]);
  return {
    ...options,
    options: `${options.options ?? ""} ${all}`.trim(),
    query_timeout: STATEMENT_MS,
    keepAlive: true,
  };
}

class PostgresqlNotices implements NoticeChannel {
  readonly #options: ClientOptions;
  readonly #channel: string;
  readonly #texts = createNoticeTexts();
  #client: Client | undefined;
  #connecting: Promise<Client | undefined> | undefined;
  #connectAfterMs = 0;
  #listener: ((users: NoticedUsers) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(route: Route) {
    this.#options = optionsOf(route);
    this.#channel = channelOf(route.schema);
  }

  async publish(users: NoticedUsers): Promise<void> {
    const client = await this.#connected();
    if (client) await this.#query(client, "SELECT pg_notify($1, $2)", [this.#channel, this.#texts.write(users)]);
  }

  listen(onNotice: (users: NoticedUsers) => void): () => void {
    this.#listener = onNotice;
    let turn = 0;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      turn += 1;
      const client = this.#client;
      if (!client) void this.#connected();
      else if (turn % CHECKS_EACH === 0) void this.#query(client, "SELECT 1");
    }, RECONNECT_MS).unref();
    void this.#startListening();
    return () => {
      clearInterval(this.#timer);
      this.#listener = undefined;
      if (this.#client) void this.#query(this.#client, `UNLISTEN ${this.#channel}`);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    const client = this.#client;
    if (!client) return;
    await Promise.race([client.end().catch(() => undefined), sleep(CLOSE_MS, undefined, { ref: false })]);
    client.abortInFlight();
  }

  async #startListening(): Promise<void> {
    const client = this.#client;
    // A new connection listens by itself.
    if (!client) await this.#connected();
    else if (await this.#query(client, `LISTEN ${this.#channel}`)) this.#listener?.("all");
  }

  #connected(): Promise<Client | undefined> {
    if (this.#client || this.#isClosed || Date.now() < this.#connectAfterMs) return Promise.resolve(this.#client);
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<Client | undefined> {
    const client = await connectClient(this.#options).catch(() => undefined);
    if (!client || this.#isClosed) {
      client?.abortInFlight();
      this.#connectAfterMs = Date.now() + RECONNECT_MS;
      return undefined;
    }
    client.on("notification", ({ payload = "" }) => this.#receive(payload));
    client.once("end", () => {
      if (this.#client === client) this.#client = undefined;
    });
    this.#client = client;
    if (this.#listener && (await this.#query(client, `LISTEN ${this.#channel}`))) this.#listener?.("all");
    return this.#client;
  }

  #receive(text: string): void {
    const users = this.#texts.read(text);
    if (users !== undefined) this.#listener?.(users);
  }

  /** @returns whether the server answered; if not, the connection is given up */
  async #query(client: Client, text: string, values: readonly string[] = []): Promise<boolean> {
    try {
      await client.query(text, [...values]);
      return true;
    } catch {
      if (this.#client === client) this.#client = undefined;
      client.abortInFlight();
      return false;
    }
  }
}
