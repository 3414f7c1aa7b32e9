import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { directUrl } from "./mongodb.ts";

/**
 * A word in the request with which the ledger commits. PostgreSQL commits a single write by itself when nothing is locked;
 * the names of all prepared writes begin with `write-`.
 */
export const ledgerCommits = { postgresql: "write-", mysql: "COMMIT", mongodb: "commitTransaction" } as const;

/** When a connection is lost: before the server gets the request, or after the server has answered it. */
export type LossMoment = "before it is sent" | "after it is answered";

/** A TCP proxy in front of a database, which loses connections or stops forwarding on demand. */
export type FaultProxy = AsyncDisposable & {
  /** The URL of the same database through this proxy. */
  readonly url: string;
  /** Closes every connection and refuses new ones, as a server that has ended. */
  refuseConnections(): Promise<void>;
  /** Accepts connections and discards all bytes, as a server that hangs. */
  dropTraffic(): void;
  /** Forwards nothing until `restore`, which then delivers the bytes in transit, as a server that was suspended. */
  suspend(): void;
  /** Connects new clients to the database behind this URL, as after a failover. */
  redirectTo(url: string): void;
  /** Forwards again, at the same address. */
  restore(): Promise<void>;
  /**
   * Closes the connection that next sends a request that contains `word` as a whole word. After that the proxy accepts new
   * connections (`there`), or closes them until `restore` (`gone`).
   */
  loseConnectionAt(word: string, moment: LossMoment, afterwards?: "there" | "gone"): void;
  /** How many connections `loseConnectionAt` has closed. */
  lostConnections(): number;
  /** Holds back the next request that contains `word`, and all that follows on that connection. */
  pauseAt(word: string): Pause;
};

/** A request that is held back, or will be. */
type Pause = {
  /** Resolves when the request has arrived. */
  readonly reached: Promise<void>;
  /** Forwards the request, and holds no further ones back. */
  resume(): void;
};

type HeldRequest = { readonly word: RegExp; readonly reached: () => void; readonly resumed: Promise<void> };
type Loss = { readonly word: RegExp; readonly moment: LossMoment; readonly afterwards: "there" | "gone" };
type State = {
  readonly isMysql: boolean;
  isDropping: boolean;
  isSuspended: boolean;
  isGone: boolean;
  loss: Loss | undefined;
  losses: number;
  held: HeldRequest | undefined;
};

const wholeWord = (word: string) => new RegExp(`\\b${word}\\b`);

/** Opens a proxy to the database behind `url`; on MongoDB, to its primary. */
export async function openFaultProxy(url: string): Promise<FaultProxy> {
  const direct = /^mongodb/.test(url) ? await directUrl(url) : url;
  let target = new URL(direct);
  const isMysql = /^(mysql|mariadb):/.test(url);
  const flags = { isMysql, isDropping: false, isSuspended: false, isGone: false };
  const state: State = { ...flags, loss: undefined, losses: 0, held: undefined };
  const clients = new Set<Socket>();
  const servers = new Set<Socket>();
  const server = createServer((client) => {
    if (state.isGone) {
      client.destroy();
      return;
    }
    clients.add(client);
    client.once("close", () => clients.delete(client));
    const server = connect(Number(target.port || (isMysql ? 3306 : 5432)), target.hostname);
    servers.add(server);
    server.once("close", () => servers.delete(server));
    forward(client, server, state);
    if (state.isSuspended) for (const socket of [client, server]) socket.pause();
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const refuseConnections = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const client of clients) client.destroy();
    await closed;
  };

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: Object.assign(new URL(direct), { host: `127.0.0.1:${port}` }).href,
    refuseConnections,
    redirectTo: (other) => {
      target = new URL(other);
    },
    dropTraffic: () => {
      state.isDropping = true;
    },
    suspend: () => {
      state.isSuspended = true;
      for (const socket of [...clients, ...servers]) socket.pause();
    },
    restore: async () => {
      if (state.isSuspended) for (const socket of [...clients, ...servers]) socket.resume();
      Object.assign(state, { isSuspended: false, isDropping: false, isGone: false });
      if (!server.listening) await listen(port);
    },
    loseConnectionAt: (word, moment, afterwards = "there") => {
      state.loss = { word: wholeWord(word), moment, afterwards };
    },
    lostConnections: () => state.losses,
    pauseAt: (word) => {
      const { promise: reached, resolve: isReached } = Promise.withResolvers<void>();
      const { promise: resumed, resolve: resume } = Promise.withResolvers<void>();
      state.held = { word: wholeWord(word), reached: isReached, resumed };
      return {
        reached,
        resume: () => {
          state.held = undefined;
          resume();
        },
      };
    },
    [Symbol.asyncDispose]: refuseConnections,
  };
}

/**
 * PostgreSQL's ReadyForQuery outside of a transaction: the server answers pipelined statements before it answers COMMIT.
 * The MySQL driver pipelines nothing.
 */
const READY_OUTSIDE_TRANSACTION = Buffer.from("Z\0\0\0\u0005I", "latin1");
/** Requests that commit, alone or with a COMMIT behind them. Their answer is complete when the transaction has ended. */
const commits = /COMMIT|write/;

/** Forwards bytes in both directions until one side ends, or the connection is lost on demand. */
function forward(client: Socket, server: Socket, state: State): void {
  let isLastAnswer: ((bytes: Buffer) => boolean) | undefined;
  const close = () => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.setNoDelay(true).on("error", close).on("close", close);
  client.on("data", (bytes) => {
    if (state.isDropping) return;
    if (state.loss?.word.test(bytes.toString("latin1"))) {
      const { word, moment, afterwards } = state.loss;
      state.isGone = afterwards === "gone";
      state.loss = undefined;
      state.losses += 1;
      if (moment === "before it is sent") return close();
      const isWhole = state.isMysql || !commits.test(word.source);
      isLastAnswer = (answer) => isWhole || answer.includes(READY_OUTSIDE_TRANSACTION);
    }
    if (state.held?.word.test(bytes.toString("latin1"))) {
      void holdBack(client, state.held).then(() => server.write(bytes));
    } else {
      server.write(bytes);
    }
  });
  server.on("data", (bytes) => {
    if (state.isDropping) return;
    if (!isLastAnswer) client.write(bytes);
    else if (isLastAnswer(bytes)) close();
  });
}

async function holdBack(client: Socket, { reached, resumed }: HeldRequest): Promise<void> {
  client.pause();
  reached();
  await resumed;
  client.resume();
}
