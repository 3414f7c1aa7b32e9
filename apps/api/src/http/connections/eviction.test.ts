import type { Socket } from "node:net";
import { expect, test } from "vitest";
import type { Connection } from "./connection.ts";
import { evict } from "./eviction.ts";

type State = "silent" | "half body" | "unread answer" | "idle" | "handled";

/** What Node's sockets show in each state of a connection. */
const sockets: Readonly<Record<State, object>> = {
  silent: { bytesWritten: 0, writableLength: 0, _httpMessage: null },
  "half body": { bytesWritten: 0, writableLength: 0, _httpMessage: { req: { complete: false }, headersSent: false } },
  "unread answer": { bytesWritten: 9, writableLength: 9, _httpMessage: { req: { complete: true }, headersSent: true } },
  idle: { bytesWritten: 9, writableLength: 0, _httpMessage: null },
  handled: { bytesWritten: 9, writableLength: 0, _httpMessage: { req: { complete: true }, headersSent: false } },
};

const connection = (state: State, changed: Partial<Connection> = {}): Connection => ({
  socket: sockets[state] as unknown as Socket,
  address: "203.0.113.1",
  isFromProxy: false,
  openedAtMs: 1,
  verifiedAtMs: 0,
  credential: undefined,
  waitingRequests: 0,
  isLast: false,
  body: undefined,
  unread: undefined,
  idleSinceMs: undefined,
  ...changed,
});

function chosenFrom(connections: readonly Connection[]): readonly Connection[] {
  const byAddress = Map.groupBy(connections, ({ address }) => address);
  return evict(new Set(connections), new Map([...byAddress].map(([address, all]) => [address, new Set(all)])));
}

const verifiedAtMs = Date.now();

test.each([
  { says: "silent connections before idle ones", first: connection("silent"), later: connection("idle") },
  {
    says: "half-sent bodies before unread answers",
    first: connection("half body"),
    later: connection("unread answer"),
  },
  { says: "unread answers before idle connections", first: connection("unread answer"), later: connection("idle") },
  {
    says: "idle connections before half-sent bodies of verified callers",
    first: connection("idle"),
    later: connection("half body", { verifiedAtMs }),
  },
  {
    says: "half-sent bodies of verified callers before their idle connections",
    first: connection("half body", { verifiedAtMs }),
    later: connection("idle", { verifiedAtMs }),
  },
  { says: "the oldest connection first", first: connection("silent"), later: connection("silent", { openedAtMs: 2 }) },
])("a full server closes $says", ({ first, later }) => {
  expect(chosenFrom([later, first])).toEqual([first]);
});

test("a full server closes connections of the address that has the most first", () => {
  const many = [1, 2, 3].map((openedAtMs) => connection("silent", { openedAtMs: openedAtMs + 10 }));
  const one = connection("silent", { address: "198.51.100.7", openedAtMs: 1 });
  expect(chosenFrom([one, ...many])).toEqual([many[0]]);
});

test("a full server closes no connection whose request is being handled", () => {
  expect(chosenFrom([connection("handled"), connection("handled", { verifiedAtMs: Date.now() })])).toEqual([]);
});

test("a full server closes no connection that it has just accepted", () => {
  expect(chosenFrom([connection("silent", { openedAtMs: Date.now() })])).toEqual([]);
});

test("a full server closes two percent of its connections together", () => {
  expect(chosenFrom(Array.from({ length: 500 }, () => connection("silent")))).toHaveLength(10);
});
