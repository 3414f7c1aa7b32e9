import { connect, type Socket } from "node:net";

/** What the connections of a load do. */
export type Load = {
  readonly url: string;
  readonly connections: number;
  /** Sent when a connection opens, as often as `times` says. */
  readonly bytes: string;
  readonly times?: number;
  /** Sent after each answer. */
  readonly next?: string;
  /** Sent every 100 ms. */
  readonly drip?: string;
  /** Whether the answers are not read. */
  readonly neverReads?: boolean;
  /** Whether a connection that is closed is opened again. */
  readonly reopens?: boolean;
};

const load: Load = JSON.parse(process.argv[2] ?? "{}");
const bytes = load.bytes.repeat(load.times ?? 1);
const { hostname, port } = new URL(load.url);
const open = new Set<Socket>();
const answers: Record<string, number> = {};
let closed = 0;

function start(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect(Number(port), hostname, () => {
    open.add(socket);
    socket.write(bytes, "latin1", () => resolve());
  });
  if (load.neverReads) socket.pause();
  else socket.on("data", (chunk) => count(socket, chunk.toString("latin1")));
  socket.on("error", () => undefined);
  socket.on("close", () => {
    resolve();
    open.delete(socket);
    closed += 1;
    if (load.reopens) setTimeout(start, 10);
  });
  // A server that does not read what is sent must not keep the load from starting.
  setTimeout(resolve, 1_000);
  return promise;
}

function count(socket: Socket, text: string): void {
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status = ""]) => status);
  for (const status of statuses) answers[status] = (answers[status] ?? 0) + 1;
  if (load.next !== undefined && statuses.length > 0) socket.write(load.next, "latin1");
}

process.on("message", () => process.send?.({ open: open.size, closed, answers }));
process.on("disconnect", () => process.exit());
if (load.drip !== undefined) {
  setInterval(() => {
    for (const socket of open) socket.write(load.drip ?? "");
  }, 100);
}
await Promise.all(Array.from({ length: load.connections }, start));
process.send?.("started");
