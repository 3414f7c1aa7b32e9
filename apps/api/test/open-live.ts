import { request } from "node:http";
import { eventually } from "@jifen/testkit";
import { expect } from "vitest";

/** An event of a stream, as it was sent. */
type SentEvent = {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
};

/** An open stream of live events. */
export type OpenLive = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The body of a refusal. */
  readonly body: () => Record<string, unknown>;
  /** What was received so far. */
  readonly text: () => string;
  events(kind?: string): readonly SentEvent[];
  /** Waits until the last event of a kind, such as the present balance, is as expected. */
  shows(kind: string, data: object): Promise<void>;
  /** When the server ended the stream, or undefined while it is open. */
  endedAtMs(): number | undefined;
  /** Stops and resumes reading from the socket. */
  pause(): void;
  resume(): void;
  /** Leaves. */
  close(): void;
};

type Call = {
  readonly token: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Opens a stream, and resolves when the server has answered. */
export async function openLive(url: string, { token, query = "", headers = {} }: Call): Promise<OpenLive> {
  const sent = request(`${url}/live?${query}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
  sent.once("response", resolve).on("error", reject).end();
  const response = await promise;
  let [text, endedAtMs] = ["", undefined as number | undefined];
  response.setEncoding("utf8").on("data", (part) => {
    text += part;
  });
  response
    .on("error", () => undefined)
    .once("close", () => {
      endedAtMs = Date.now();
    });
  const isStream = response.headers["content-type"]?.startsWith("text/event-stream");
  if (!isStream) await eventually(async () => expect(endedAtMs).toBeDefined());
  const events = (kind?: string) => parse(text).filter(({ event }) => kind === undefined || event === kind);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: () => JSON.parse(text),
    text: () => text,
    events,
    shows: (kind, data) => eventually(async () => expect(events(kind).at(-1)?.data).toEqual(data)),
    endedAtMs: () => endedAtMs,
    pause: () => void response.socket.pause(),
    resume: () => void response.socket.resume(),
    close: () => void sent.destroy(),
  };
}

/** Reads text/event-stream as far as it is complete. */
const parse = (text: string): readonly SentEvent[] =>
  text
    .split("\n\n")
    .slice(0, -1)
    .flatMap((block) => {
      const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line] as const));
      const fieldOf = (name: string) => fields.get(name)?.slice(name.length + 2);
      const [event, data] = [fieldOf("event"), fieldOf("data")];
      return event === undefined || data === undefined ? [] : [{ event, id: fieldOf("id"), data: JSON.parse(data) }];
    });
