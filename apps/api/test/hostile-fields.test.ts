import type { Operation } from "@jifen/contract";
import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { admin } from "./start-api-with-admin.ts";
import { type Server, startServer } from "./start-server.ts";
import { bystander, everyOperation, inputUsers } from "./valid-inputs.ts";

/** Texts that an attacker puts into a field. */
const hostileTexts = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "a\nb\r\nX-Evil: 1",
  "\ud800",
  "\u202e\ufeff\u200b",
  "\ufdfa".repeat(300),
  "ＵＳＥＲ＠ＥＸＡＭＰＬＥ．ＣＯＭ",
  "user@example.com\u0000",
  "user@еxample.com",
  "İ@example.com",
  "%00",
  "%",
  "_",
  "\\",
  "../../etc/passwd",
  "'; DROP TABLE users; --",
  '{"$ne":null}',
  "__proto__",
  "9".repeat(5_000),
  "x".repeat(60_000),
  // Cursors that hold a control character, and nothing.
  "AA",
  "Cg",
];

/** The same as JSON, and JSON values other than text. */
const hostileValues: readonly string[] = [
  ...hostileTexts.map((text) => JSON.stringify(text)),
  ..."0 -0 -1 1.5 1e308 1e400 9007199254740993 true null [] {}".split(" "),
  "9".repeat(50_000),
  '["user@example.com","other@example.com"]',
  '{"$ne":null}',
  '{"toString":"x","valueOf":null,"then":1}',
  '{"__proto__":{"role":"admin"},"constructor":{"prototype":{"role":"admin"}}}',
  `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
  `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
];

/** Longer addresses are refused before the router. */
const MAX_ADDRESS = 8_000;

/** An input of an operation, one field of which is replaced with JSON text. */
type HostileInput = {
  readonly input: Readonly<Record<string, unknown>>;
  readonly field: string;
  readonly json: string;
};

const PLACEHOLDER = '"the hostile value"';
const toJson = ({ input, field, json }: HostileInput): string =>
  JSON.stringify({ ...input, [field]: JSON.parse(PLACEHOLDER) }).replace(PLACEHOLDER, () => json);

/** Encodes a value for an address: text as it is, everything else as JSON. */
const inAddress = (json: string): string =>
  encodeURIComponent(json.startsWith('"') ? JSON.parse(json).toWellFormed() : json);

function requestOf({ rest }: Operation, hostileInput: HostileInput): { path: string; body: string | undefined } {
  const { input, field, json } = hostileInput;
  const text = (name: string) => inAddress(name === field ? json : JSON.stringify(input[name]));
  const inPath = new Set([...rest.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name));
  const path = rest.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => text(name)).slice(0, MAX_ADDRESS);
  const names = Object.keys(input).filter((name) => !inPath.has(name));
  if (rest.method === "GET") {
    const query = names.map((name) => `${name}=${text(name)}`).join("&");
    return { path: `${path}?${query}`.slice(0, MAX_ADDRESS), body: undefined };
  }
  const others = Object.fromEntries(names.map((name) => [name, input[name]]));
  return { path, body: inPath.has(field) ? JSON.stringify(others) : toJson({ ...hostileInput, input: others }) };
}

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`hostile values on ${kind}`, () => {
    let server: Server;
    let token: string;
    let bystanderToken: string;
    beforeAll(async () => {
      const users = inputUsers.map(({ email, password }) => `${email}:${password}`);
      server = await startServer(kind, { USER_WHITELIST: users.join(","), ADMIN_EMAILS: admin.email });
      [token, bystanderToken] = [await server.token(admin), await server.token(bystander)];
    });
    afterAll(() => server.stop());

    test("the input of every operation is valid without a hostile value", () => {
      const invalid = everyOperation.filter(
        ({ operation, input }) =>
          input === undefined || (Object.keys(input).length > 0 && !operation.input.safeParse(input).success),
      );
      expect(invalid.map(({ name }) => name)).toEqual([]);
    });

    const cases = everyOperation.flatMap(({ name, operation, input = {} }) =>
      Object.keys(input).map((field) => ({ name, field, operation, input })),
    );

    // A password reaches no database, only a hash of it, and hashing is slow: one kind tests these fields.
    const isHashed = ({ name, field }: { name: string; field: string }) =>
      /^auth\.(login|changePassword)$/.test(name) && /password/i.test(field);
    const fields = kind === "sqlite" ? cases : cases.filter((each) => !isHashed(each));
    // What is no text, and a request of tRPC, is read before the database is asked: texts over REST show how it takes them.
    const values = kind === "sqlite" ? hostileValues : hostileTexts.map((text) => JSON.stringify(text));

    test.each(fields)("a hostile value in $field of $name never causes a server error", async (each) => {
      const { name, field, operation, input } = each;
      const isSlow = isHashed(each);
      const failed: string[] = [];
      for (const json of isSlow ? hostileValues.slice(0, 8) : values) {
        const { path, body } = requestOf(operation, { input, field, json });
        const record = ({ status }: { status: number }, by: string) => {
          if (status >= 500) failed.push(`${by} ${status} ${json.slice(0, 100)}`);
        };
        record(await server.call(operation.rest.method, path, { token, body }), "REST");
        if (isSlow || kind !== "sqlite") continue;
        const wrapped = `{"json":${toJson({ input, field, json })}}`;
        const called =
          operation.kind === "query"
            ? await server.call("GET", `/trpc/${name}?input=${encodeURIComponent(wrapped).slice(0, MAX_ADDRESS)}`, {
                token,
              })
            : await server.call("POST", `/trpc/${name}`, { token, body: wrapped });
        record(called, "tRPC");
      }
      expect(failed).toEqual([]);
    });

    test("hostile values do not affect an uninvolved user and log no error", async () => {
      const { body } = await server.call("GET", "/credits/balance", { token: bystanderToken });
      expect(body).toMatchObject({ balance: 100, held: 0 });
      expect((await server.call("GET", "/auth/me", { token: bystanderToken })).body).toMatchObject({ role: "user" });
      expect(server.api.logs().filter(({ level }) => level === "error" || level === "fatal")).toEqual([]);
    });
  });
}
