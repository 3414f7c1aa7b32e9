import { aboveDatabaseKinds, describeOn, type RestAnswer } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectKnownRefusal, isRefused, monitorServer, type ServerMonitor } from "./fuzz.ts";
import { jifen } from "./jifen-command.ts";
import { admin } from "./start-api-with-admin.ts";
import { type Server, startServer, user } from "./start-server.ts";
import { everyOperation, inputUsers } from "./valid-inputs.ts";

/** Longer addresses are refused before the router. */
const MAX_ADDRESS = 8_000;

/** The valid values of all operations, as JSON: in another field they can be almost valid. */
const knownValues = [
  ...new Set(
    everyOperation.flatMap(({ input = {} }) =>
      Object.entries(input).flatMap(([name, value]) =>
        // No generated input may name these users.
        /bystander|admin@/.test(`${value}`) ? [] : [JSON.stringify(value), JSON.stringify(name)],
      ),
    ),
  ),
];
/** Names with a meaning in JavaScript, in a database or in Jifen. */
const names = "__proto__ constructor prototype toString then length $ne $where role id json meta 0 -1 a.b".split(" ");

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  // With unpaired surrogates.
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.string({ minLength: 90, maxLength: 2_000 }),
  fc.constantFrom(...names, "\u0000", "İ@example.com", "ＵＳＥＲ＠ＥＸＡＭＰＬＥ．ＣＯＭ", "9".repeat(400)),
);
/** A value as JSON text, which can represent more than a JavaScript value. */
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...knownValues) },
  { weight: 3, arbitrary: anyText.map((text) => JSON.stringify(text)) },
  fc.json({ stringUnit: "binary", maxDepth: 4 }),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc
    .oneof(fc.maxSafeInteger(), fc.integer({ min: -2, max: 101 }), fc.double({ noNaN: true }))
    .map((n) => (Number.isFinite(n) ? JSON.stringify(n) : "1e400")),
  fc
    .tuple(fc.constantFrom("[", '{"a":'), fc.integer({ min: 30, max: 9_000 }))
    .map(([open, depth]) => `${open.repeat(depth)}1${(open === "[" ? "]" : "}").repeat(depth)}`),
  fc.constantFrom("null", "true", "[]", "{}", "1e308", "-0"),
);

/** An annotation of superjson for a value. */
const annotation = fc.oneof(
  fc.constantFrom(
    ["undefined"],
    ["bigint"],
    ["Date"],
    ["regexp"],
    ["map"],
    ["set"],
    ["number"],
    ["URL"],
    ["Error"],
    [["class", "Object"]],
    [["symbol", "iterator"]],
    [["custom", "Decimal"]],
    [["typed-array", "Float64Array"]],
    ["map", { a: ["bigint"] }],
  ),
  fc.jsonValue(),
);
const meta = fc.oneof(
  fc.record(
    {
      values: fc.oneof(
        annotation,
        fc.dictionary(fc.constantFrom("userId", "amount", "metadata.a", "__proto__.a", "", "a\\.b"), annotation),
      ),
      referentialEqualities: fc.oneof(
        fc.jsonValue(),
        fc.dictionary(
          fc.constantFrom("metadata", "details", "__proto__"),
          fc.constant(["metadata.a", "constructor.prototype"]),
        ),
      ),
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
);

type Name = { readonly own: number } | { readonly other: string };
/** A call of an operation: a valid input with some changed fields, or any value instead. */
const call = fc.record({
  of: fc.nat(everyOperation.length - 1),
  changes: fc.array(
    fc.record({
      name: fc.oneof(
        { weight: 5, arbitrary: fc.record({ own: fc.nat(10) }) },
        fc.record({ other: fc.oneof(fc.constantFrom(...names), anyText) }),
      ) as fc.Arbitrary<Name>,
      value: fc.option(value, { freq: 8 }),
    }),
    { maxLength: 3 },
  ),
  instead: fc.option(value, { freq: 12, nil: undefined }).map((each) => each),
  meta: fc.option(meta, { nil: undefined }),
});
type Call = typeof call extends fc.Arbitrary<infer Each> ? Each : never;

const senders = ["admin", "user", "anonymous"] as const;
const attempts = fc.record({
  as: fc.oneof({ weight: 6, arbitrary: fc.constant("admin" as const) }, fc.constantFrom(...senders)),
  by: fc.constantFrom("REST" as const, "tRPC" as const, "batch" as const),
  calls: fc.array(call, { minLength: 1, maxLength: 5 }),
});

/** The fields of a call as JSON. */
function fieldsOf({ of, changes }: Call): Map<string, string> {
  const { input = {} } = everyOperation[of] ?? {};
  const fields = new Map(Object.entries(input).map(([name, each]) => [name, JSON.stringify(each)]));
  const own = [...fields.keys()];
  for (const { name, value: json } of changes) {
    const field = "own" in name ? own[name.own % Math.max(own.length, 1)] : name.other;
    if (field === undefined) continue;
    if (json === null) fields.delete(field);
    else fields.set(field, json);
  }
  return fields;
}

const objectOf = (fields: Iterable<readonly [string, string]>): string =>
  `{${[...fields].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;

/** Encodes a value for an address: text as it is, everything else as JSON. Addresses cannot contain unpaired surrogates. */
const inAddress = (json: string): string => {
  const parsed: unknown = JSON.parse(json);
  return encodeURIComponent((typeof parsed === "string" ? parsed : json).toWellFormed());
};

/** The REST request of a call. */
function restOf(each: Call) {
  const { rest } = everyOperation[each.of]?.operation ?? { rest: { method: "GET", path: "/" } };
  const fields = fieldsOf(each);
  const path = rest.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const json = fields.get(name) ?? '""';
    fields.delete(name);
    return inAddress(json);
  });
  if (rest.method === "POST") return { method: "POST", path, body: each.instead ?? objectOf(fields) };
  const query = [...fields].map(([name, json]) => `${inAddress(JSON.stringify(name))}=${inAddress(json)}`);
  return { method: "GET", path: `${path}?${query.join("&")}`, body: undefined };
}

const toTrpcInput = (each: Call): string => {
  const json = each.instead ?? objectOf(fieldsOf(each));
  return each.meta === undefined ? `{"json":${json}}` : `{"json":${json},"meta":${JSON.stringify(each.meta)}}`;
};
const procedureOf = ({ of }: Call): string => everyOperation[of]?.name ?? "";
const isQuery = ({ of }: Call): boolean => everyOperation[of]?.operation.kind === "query";

/** The tRPC request of calls. */
function trpcOf(calls: readonly Call[], isBatch: boolean) {
  const input = isBatch
    ? `{${calls.map((each, n) => `"${n}":${toTrpcInput(each)}`).join(",")}}`
    : toTrpcInput(calls[0] as Call);
  const path = `/trpc/${calls.map(procedureOf).join(",")}`;
  const batch = isBatch ? "batch=1" : "";
  if (!isQuery(calls[0] as Call)) return { method: "POST", path: `${path}?${batch}`, body: input };
  return { method: "GET", path: `${path}?${batch}&input=${encodeURIComponent(input.toWellFormed())}`, body: undefined };
}

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`generated input on ${kind}`, () => {
    let server: Server;
    let monitor: ServerMonitor;
    const tokens: Partial<Record<(typeof senders)[number], string>> = {};
    const logIn = async () => {
      tokens.admin = await server.token(admin).catch(() => "a.b.c");
    };
    beforeAll(async () => {
      const users = inputUsers.map(({ email, password }) => `${email}:${password}`);
      server = await startServer(kind, {
        USER_WHITELIST: users.join(","),
        ADMIN_EMAILS: admin.email,
        RATE_LIMIT_LOGIN: "off",
        RATE_LIMIT_MAIL: "off",
      });
      tokens.user = await server.token(user);
      await logIn();
      monitor = await monitorServer(server);
    });
    afterAll(async () => {
      monitor?.stop();
      await server?.stop();
    });

    const send = async (
      { method, path, body }: ReturnType<typeof restOf>,
      token: string | undefined,
    ): Promise<RestAnswer> =>
      server.call(method, path.slice(0, MAX_ADDRESS), {
        ...(token === undefined ? {} : { token }),
        ...(body === undefined ? {} : { body }),
      });

    test("generated input is accepted, or refused without a write, and the server keeps serving", {
      timeout: timeLimit(180),
    }, async () => {
      const versionAtStart = monitor.writeVersion();
      await fc.assert(
        fc.asyncProperty(attempts, async ({ as, by, calls }) => {
          const requests =
            by === "REST"
              ? calls.map(restOf)
              : by === "tRPC"
                ? calls.map((each) => trpcOf([each], false))
                : [trpcOf(calls, true)];
          for (const request of requests) {
            const before = monitor.writeVersion();
            const answer = await send(request, tokens[as]);
            const after = monitor.writeVersion();
            expectKnownRefusal(answer);
            if (isRefused(answer)) expect(after).toBe(before);
            // A generated call can end the sessions of the admin.
            if (as === "admin" && answer.status === 401) await logIn();
          }
          await monitor.expectHealthy();
        }),
        { numRuns: kind === "sqlite" ? 500 : 100 },
      );
      // Some calls were accepted and changed the version: so a write by a refused call would be visible too.
      if (kind === "sqlite") expect(monitor.writeVersion()).not.toBe(versionAtStart);
      expect(server.api.logs().filter(({ level }) => level === "error" || level === "fatal")).toEqual([]);
      expect(await jifen(server.database.url, "audit")).toMatchObject({ exitCode: 0 });
    });
  });
}
