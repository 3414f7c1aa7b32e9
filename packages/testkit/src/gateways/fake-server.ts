import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Books, openBooks, type Trade } from "./books.ts";
import { type Delivery, type NoticeSender, openNoticeSender } from "./notices.ts";
import { type Act, payPage } from "./pay-page.ts";
import { changeSwitches, defaultSwitches, type Forgery, forgeries, type Switches } from "./switches.ts";

/** A request to the fake. */
export type FakeRequest = {
  readonly method: string;
  readonly path: string;
  /** Still encoded. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
};

/** What the fake answers. */
export type FakeResponse = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What a protocol works with. */
export type FakeCore = {
  /** The address of the fake, without a slash at the end. */
  readonly url: string;
  readonly books: Books;
  readonly notices: NoticeSender;
  /** The provider's clock, in epoch milliseconds. */
  readonly now: () => number;
  readonly switches: () => Switches;
};

/** One provider's protocol. */
export type FakeProtocol = {
  /** The environment variables with which Jifen uses this fake. */
  readonly settings: Readonly<Record<string, string>>;
  readonly forgeries: readonly Forgery[];
  readonly acts: readonly Act[];
  readonly acknowledges: (status: number, body: string) => boolean;
  /** Answers a request of a merchant. @returns undefined when the provider has no such address */
  readonly answer: (request: FakeRequest) => FakeResponse | undefined;
  /** What happens when a person opens the page of a trade, as by scanning its code. */
  readonly opened?: (trade: Trade) => void;
  /** What happens when a person does this on the page. @returns why it cannot be done; undefined when it was */
  readonly act: (trade: Trade, act: Act, forgery: Forgery | undefined) => string | undefined;
};

/** A fake gateway: a real HTTP server that verifies requests and signs as its provider does. */
export type FakeGateway = AsyncDisposable & {
  readonly url: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly forgeries: readonly Forgery[];
  readonly acts: readonly Act[];
  readonly books: Books;
  readonly deliveries: readonly Delivery[];
  /** Changes how it behaves from now on. */
  turn(change: Partial<Switches>): void;
  /** Does what a person does on the page. @throws Error when it cannot be done */
  act(number: string, act: Act, forgery?: Forgery): void;
};

/** How a fake is started. */
export type FakeOptions = { readonly port?: number; readonly txnPrefix?: string };

const MAX_BODY_BYTES = 1_048_576;

/** Starts a fake of one protocol on 127.0.0.1. Port 0, the default, is any free one. */
export async function startFake(
  protocolOf: (core: FakeCore) => FakeProtocol,
  { port = 0, txnPrefix = "" }: FakeOptions = {},
): Promise<FakeGateway> {
  let switches = defaultSwitches;
  const now = () => Date.now() + switches.clockMs;
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const books = openBooks(now, txnPrefix);
  const notices = openNoticeSender(
    () => switches,
    (status, body) => protocol.acknowledges(status, body),
  );
  const protocol = protocolOf({ url, books, notices, now, switches: () => switches });
  const turn = (change: Readonly<Record<string, unknown>>) => {
    switches = changeSwitches(switches, change);
  };
  const tryAct = (trade: Trade | undefined, act: string | null, forgery?: Forgery): string | undefined => {
    if (!trade) return "there is no such trade";
    const offered = protocol.acts.find((each) => each === act);
    return offered ? protocol.act(trade, offered, forgery) : `acts are ${protocol.acts.join(", ")}`;
  };
  server.on("request", (message, response) => {
    void respond({ message, response }).catch(() => response.destroy());
  });

  async function respond({ message, response }: Exchange): Promise<void> {
    const request = await readRequest(message);
    const control = answerControl(request);
    if (control) return send(response, control, now());
    if (switches.answers === "500") return send(response, { status: 500, body: "internal error" }, now());
    const answer = protocol.answer(request) ?? { status: 404, body: "no such address" };
    if (switches.answers === "hang") return;
    if (switches.answers === "reset") return void message.socket.resetAndDestroy();
    send(response, answer, now());
  }

  /** The addresses that no provider has: the page, the switches and the books. */
  function answerControl(request: FakeRequest): FakeResponse | undefined {
    const { method, path, body } = request;
    if (path === "/switches" && method === "POST")
      return refusing(() => turn(JSON.parse(body) as Record<string, unknown>));
    if (path === "/switches") return json(200, switches);
    if (path === "/books") return json(200, { trades: [...books.trades.values()], deliveries: notices.deliveries });
    const number = /^\/pay\/([\w-]+)$/.exec(path)?.[1];
    return number === undefined ? undefined : answerPage(request, books.find(number));
  }

  function answerPage({ method, body }: FakeRequest, trade: Trade | undefined): FakeResponse {
    if (!trade) return page(404, "没有这笔交易 · No such trade");
    protocol.opened?.(trade);
    if (method !== "POST") return page(200, payPage(trade, protocol.acts));
    const form = new URLSearchParams(body);
    const forgery = forgeries.find((each) => each === form.get("forgery"));
    const problem = tryAct(trade, form.get("act"), forgery);
    return page(problem === undefined ? 200 : 409, payPage(trade, protocol.acts, problem ?? "完成 · Done"));
  }

  return {
    ...{ url, settings: protocol.settings, forgeries: protocol.forgeries, acts: protocol.acts, books },
    deliveries: notices.deliveries,
    turn,
    act: (number, act, forgery) => {
      const problem = tryAct(books.find(number), act, forgery);
      if (problem !== undefined) throw new Error(`${act}: ${problem}`);
    },
    [Symbol.asyncDispose]: async () => {
      notices.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

type Exchange = { readonly message: IncomingMessage; readonly response: ServerResponse };

async function readRequest(message: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new RangeError("the body is too large");
    chunks.push(chunk);
  }
  const [path = "", query = ""] = (message.url ?? "").split(/\?(.*)/s);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  );
  return { method: message.method ?? "GET", path, query, headers, body: Buffer.concat(chunks).toString("utf8") };
}

function send(response: ServerResponse, { status, headers, body }: FakeResponse, nowMs: number): void {
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    Date: new Date(nowMs).toUTCString(),
    ...headers,
  });
  response.end(body);
}

/** A JSON response. */
export const json = (status: number, value: unknown): FakeResponse => ({
  status,
  headers: { "Content-Type": "application/json; charset=utf-8" },
  body: JSON.stringify(value),
});

/** An HTML response. */
export const page = (status: number, html: string): FakeResponse => ({
  status,
  headers: { "Content-Type": "text/html; charset=utf-8" },
  body: html,
});

function refusing(change: () => void): FakeResponse {
  try {
    change();
    return json(200, {});
  } catch (error) {
    return json(400, { message: error instanceof Error ? error.message : "not JSON" });
  }
}
