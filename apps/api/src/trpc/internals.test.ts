import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { describe, expect, test } from "vitest";

// What docs/decisions/0017-trpc-experimental-caller.md relies on, checked against the installed version of tRPC.
const t = initTRPC.context<{ user: string }>().create();
const unusedMiddleware = t.middleware(() => {
  throw new Error("a middleware was run");
});
const unusedResolver = () => {
  throw new Error("a resolver was run");
};
const echo = t.procedure.use(unusedMiddleware).experimental_caller(async ({ args: [options] }) => {
  const { ctx, getRawInput } = options as { ctx: { user: string }; getRawInput: () => Promise<unknown> };
  return { user: ctx.user, input: await getRawInput() };
});
const failing = t.procedure.experimental_caller(async () => {
  throw new TypeError("failed in the override");
});
const router = t.router({
  notes: t.router({ read: echo.query(unusedResolver), write: echo.mutation(unusedResolver) }),
  fail: failing.query(unusedResolver),
});

async function call(path: string, init?: RequestInit) {
  const errors: { path: string | undefined; cause: unknown }[] = [];
  const response = await fetchRequestHandler({
    endpoint: "/trpc",
    req: new Request(`http://localhost/trpc/${path}`, init),
    router,
    createContext: () => ({ user: "ann" }),
    onError: ({ error, path }) => errors.push({ path, cause: error.cause }),
  });
  return { body: await response.json(), errors };
}
const post = (input: unknown): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(input),
});

describe("tRPC's experimental_caller", () => {
  test("experimental_caller replaces middlewares and resolver of a query, and receives context and raw input", async () => {
    const { body } = await call(`notes.read?input=${encodeURIComponent('{"a":1}')}`);
    expect(body).toEqual({ result: { data: { user: "ann", input: { a: 1 } } } });
  });

  test("experimental_caller replaces middlewares and resolver of a mutation, and receives context and raw input", async () => {
    const { body } = await call("notes.write", post({ b: [2] }));
    expect(body).toEqual({ result: { data: { user: "ann", input: { b: [2] } } } });
  });

  test("experimental_caller is used for every call of a batch", async () => {
    const { body } = await call("notes.write,notes.write?batch=1", post({ 0: "first", 1: "second" }));
    expect(body).toEqual([
      { result: { data: { user: "ann", input: "first" } } },
      { result: { data: { user: "ann", input: "second" } } },
    ]);
  });

  test("an error thrown in experimental_caller reaches onError as the cause, with the path", async () => {
    const { body, errors } = await call("fail");
    expect(errors).toEqual([{ path: "fail", cause: expect.any(TypeError) }]);
    expect(body).toMatchObject({ error: { data: { code: "INTERNAL_SERVER_ERROR", path: "fail" } } });
  });
});

test("a tRPC router keeps a flat record of its procedures, keyed by path, with their kinds", () => {
  const procedures = router._def.procedures as unknown as Record<string, { _def: { type: string } }>;
  const kinds = Object.entries(procedures).map(([path, { _def }]) => [path, _def.type]);
  expect(Object.fromEntries(kinds)).toEqual({ "notes.read": "query", "notes.write": "mutation", fail: "query" });
});
