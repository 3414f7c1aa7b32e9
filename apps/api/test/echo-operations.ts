import { anyUser, type Operation } from "@jifen/contract";
import { ok } from "@jifen/core";
import { z } from "zod";
import { zLimit, zPathId } from "../../../packages/contract/src/primitives.ts";
import { routesOf } from "../src/rest/routes.ts";
import { implement, type Runnable } from "../src/trpc/procedure.ts";

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
