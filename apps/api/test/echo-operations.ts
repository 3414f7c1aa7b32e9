import { setTimeout as pause } from "node:timers/promises";
import { anyUser, type Operation, type StreamOperation } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { z } from "zod";
import { zLimit, zPathId } from "../../../packages/contract/src/primitives.ts";
import { routesOf, streamRoutesOf } from "../src/rest/routes.ts";
import { implement, type Runnable } from "../src/trpc/procedure.ts";
import { implementStream } from "../src/trpc/stream.ts";

const holdId = zPathId("hold-1");
const summary = { zh: "试", en: "Try." };
const query = { kind: "query", summary, caller: "anyone", idempotent: false, refusals: [] } as const;
const mutation = { ...query, kind: "mutation" } as const;
const ledgerCommand = { ...mutation, idempotent: true, refusals: ["OVERLOADED"] } as const;
const output = z.object({ input: z.unknown() });
const at = <const Path extends `/${string}`>(method: "GET" | "POST", path: Path) =>
  ({ rest: { method, path }, output }) as const;

const operation = <const Op extends Operation>(op: Op): Op => op;

const page = { action: z.string().max(10).optional(), limit: zLimit(100, 20) };
/** One operation for each way in which an input is spread over a request. */
const declared = {
  read: operation({ ...query, ...at("GET", "/holds/{holdId}"), input: z.strictObject({ holdId }) }),
  capture: operation({
    ...mutation,
    ...at("POST", "/holds/{holdId}/capture"),
    input: z.strictObject({ holdId, amount: z.int().optional() }),
  }),
  release: operation({ ...mutation, ...at("POST", "/holds/{holdId}/release"), input: z.strictObject({ holdId }) }),
  give: operation({
    ...mutation,
    ...at("POST", "/users/{userId}/grants"),
    input: z.strictObject({ userId: z.email(), amount: z.int() }),
  }),
  list: operation({ ...query, ...at("GET", "/transactions"), input: z.strictObject(page) }),
  mine: operation({ ...query, ...at("GET", "/mine"), caller: anyUser(null), input: z.strictObject(page) }),
  plain: operation({ ...query, ...at("GET", "/plain"), input: z.void() }),
  spend: operation({ ...ledgerCommand, ...at("POST", "/spend"), input: z.strictObject({ amount: z.int() }) }),
};
const failing = operation({ ...ledgerCommand, ...at("POST", "/failing"), input: z.strictObject({}) });

/** Handlers that return their input. */
const echo = Object.fromEntries(
  Object.entries(declared).map(([verb, each]): [string, Runnable] => [
    verb,
    implement(each, async ({ input }) => ok({ input })),
  ]),
);
const fail = implement(failing, async () => {
  throw new Error("failed");
});
/** Routes of the operations above: all return their input, and POST /failing throws. */
export const routes = routesOf({ tries: { ...echo, fail } });

/** What the streams below have done, for tests. */
export const streamEvents: string[] = [];

const counted = {
  kind: "stream",
  rest: { method: "GET", path: "/transactions/{name}/count" },
  summary,
  caller: anyUser("credits:read"),
  input: z.strictObject({
    name: z.string().regex(/^[a-z]+$/),
    chunks: zLimit(1_000_000, 3),
    bytes: zLimit(1_000_000, 10),
    ends: z.enum(["well", "with an error", "never", "refused", "thrown"]).default("well"),
  }),
  contentTypes: ["text/csv; charset=utf-8", "text/event-stream"],
  refusals: [],
} as const satisfies StreamOperation;

/** Sends `chunks` chunks of `bytes` bytes, and ends as it is asked to. */
const count = implementStream(counted, async ({ input, caller, header, signal, stopping }) => {
  const { name, chunks, bytes, ends } = input;
  const note = (event: string) => streamEvents.push(`${name}: ${event}`);
  signal.addEventListener("abort", () => note("left"));
  stopping.addEventListener("abort", () => note("stopping"));
  const start = async () => {
    note("started");
    if (ends === "thrown") throw new Error("a secret of the server");
    if (ends === "refused") return refuse({ code: "RATE_LIMITED", retryAfterSeconds: 7 } as const);
    let sent = 0;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      sent += 1;
      if (sent <= chunks) return controller.enqueue(Buffer.alloc(bytes, "x"));
      note(`sent ${sent - 1}`);
      if (ends === "with an error") {
        // What was sent before has left the server.
        await pause(50);
        throw new Error("a secret of the server");
      }
      // Without a chunk, the stream asks for no further one.
      if (ends === "well") controller.close();
    };
    const cancel = () => void note(`cancelled before ${sent >= chunks ? "its end" : "all was sent"}`);
    return ok(new ReadableStream<Uint8Array>({ pull, cancel }, { highWaterMark: 0 }));
  };
  const fileName = `${caller.userId} ${header("last-event-id") ?? "日志"}.csv`;
  return ok({ contentType: "text/csv; charset=utf-8", fileName, start });
});

/** Routes of the streams above. */
export const streamRoutes = streamRoutesOf({ streamed: { count } });
