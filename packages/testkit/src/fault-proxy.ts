import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { directlyTo } from "./mongodb.ts";

/** In what the ledger sends when it commits: PostgreSQL commits a write by itself when nothing is locked. */
export const ledgerCommits = { postgresql: "write", mysql: "COMMIT", mongodb: "commitTransaction" } as const;

/** When a connection is cut: before the server sees what was sent, or after it has answered and nobody has heard it. */
export type CutMoment = "before it is sent" | "after it is answered";

/** A wire to a database that can be cut at the worst moment. */
export type FaultProxy = AsyncDisposable & {
  /** The same database, over this wire. */
  readonly url: string;
  /** Cuts every connection and refuses new ones, as a server that is gone. */
  refuse(): Promise<void>;
  /** Takes connections and carries nothing, as a server that hangs. */
  freeze(): void;
  /** The same, but what is on its way arrives when it is mended, as at a server that was stopped where it stood. */
  standStill(): void;
  /** From now on, new connections lead to the database behind this URL, as after a failover. */
  leadTo(url: string): void;
  /** Carries everything again, at the same address. */
  mend(): Promise<void>;
  /**
   * Cuts the connection that is the next to send something with `word` in it: COMMIT is not in READ COMMITTED, and
   * every write of the ledger has a name that begins with `write`.
   * From then on the server is there for new connections, or gone.
   */
  cutAt(word: string, moment: CutMoment, afterwards?: "there" | "gone"): void;
  /** How many connections have been cut so. */
  cuts(): number;
  /** Keeps back what is the next to be sent with `word` in it, and all that follows on that connection. */
  pauseAt(word: string): Pause;
};

/** Something that is kept back, or will be. */
type Pause = {
  /** Resolves when there is something to keep back. */
  readonly reached: Promise<void>;
  /** Sends what was kept back, and keeps nothing back any more. */
  resume(): void;
};

type Kept = { readonly word: RegExp; readonly reached: () => void; readonly resumed: Promise<void> };
type Cut = { readonly word: RegExp; readonly moment: CutMoment; readonly afterwards: "there" | "gone" };
type Wire = {
  readonly isMysql: boolean;
  frozen: boolean;
  still: boolean;
  gone: boolean;
  cut: Cut | undefined;
  cuts: number;
  kept: Kept | undefined;
};

/** Opens a wire to the database behind `url`; on MongoDB, to its primary. */
export async function openFaultProxy(url: string): Promise<FaultProxy> {
  const direct = /^mongodb/.test(url) ? await directlyTo(url) : url;
  let target = new URL(direct);
  const isMysql = /^(mysql|mariadb):/.test(url);
  const wire: Wire = { isMysql, frozen: false, still: false, gone: false, cut: undefined, cuts: 0, kept: undefined };
  const clients = new Set<Socket>();
  const servers = new Set<Socket>();
  const server = createServer((client) => {
    if (wire.gone) {
      client.destroy();
      return;
    }
    clients.add(client);
    client.once("close", () => clients.delete(client));
    const server = connect(Number(target.port || (isMysql ? 3306 : 5432)), target.hostname);
    servers.add(server);
    server.once("close", () => servers.delete(server));
    join(client, server, wire);
    if (wire.still) for (const socket of [client, server]) socket.pause();
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const refuse = async () => {
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
    refuse,
    leadTo: (other) => {
      target = new URL(other);
    },
    freeze: () => {
      wire.frozen = true;
    },
    standStill: () => {
      wire.still = true;
      for (const socket of [...clients, ...servers]) socket.pause();
    },
    mend: async () => {
      if (wire.still) for (const socket of [...clients, ...servers]) socket.resume();
      wire.still = false;
      wire.frozen = false;
      wire.gone = false;
      if (!server.listening) await listen(port);
    },
    cutAt: (word, moment, afterwards = "there") => {
      wire.cut = { word: new RegExp(`\\b${word}\\b`), moment, afterwards };
    },
    cuts: () => wire.cuts,
    pauseAt: (word) => {
      const { promise: reached, resolve: isReached } = Promise.withResolvers<void>();
      const { promise: resumed, resolve: resume } = Promise.withResolvers<void>();
      wire.kept = { word: new RegExp(`\\b${word}\\b`), reached: isReached, resumed };
      return {
        reached,
        resume: () => {
          wire.kept = undefined;
          resume();
        },
      };
    },
    [Symbol.asyncDispose]: refuse,
  };
}

/**
 * PostgreSQL's ReadyForQuery, outside of a transaction: what was sent along before a COMMIT is answered before it. To
 * MySQL nothing is sent along.
 */
const TRANSACTION_OVER = Buffer.from("Z\0\0\0\u0005I", "latin1");
/** What commits, by itself or with the COMMIT behind it, is answered when that is done. */
const commits = /COMMIT|write/;

/** Carries bytes both ways until one side ends, or the wire is cut. */
function join(client: Socket, server: Socket, wire: Wire): void {
  let cutsAnswer: ((bytes: Buffer) => boolean) | undefined;
  const cut = () => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.setNoDelay(true).on("error", cut).on("close", cut);
  client.on("data", (bytes) => {
    if (wire.frozen) return;
    if (wire.cut?.word.test(bytes.toString("latin1"))) {
      const { word, moment, afterwards } = wire.cut;
      wire.gone = afterwards === "gone";
      wire.cut = undefined;
      wire.cuts += 1;
      if (moment === "before it is sent") return cut();
      cutsAnswer = (answer) => wire.isMysql || !commits.test(word.source) || answer.includes(TRANSACTION_OVER);
    }
    if (wire.kept?.word.test(bytes.toString("latin1")))
      void keepBack(client, wire.kept).then(() => server.write(bytes));
    else server.write(bytes);
  });
  server.on("data", (bytes) => {
    if (wire.frozen) return;
    if (!cutsAnswer) client.write(bytes);
    else if (cutsAnswer(bytes)) cut();
  });
}

async function keepBack(client: Socket, { reached, resumed }: Kept): Promise<void> {
  client.pause();
  reached();
  await resumed;
  client.resume();
}
