import type { Operation } from "@jifen/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admin } from "./start-api-with-admin.ts";
import { type Server, startServer } from "./start-server.ts";
import { everyOperation, inputUsers } from "./valid-inputs.ts";

let server: Server;
let token: string;
let adminToken: string;
beforeAll(async () => {
  const users = inputUsers.map(({ email, password }) => `${email}:${password}`);
  server = await startServer("sqlite", { USER_WHITELIST: users.join(","), ADMIN_EMAILS: admin.email });
  token = await server.token();
  adminToken = await server.token(admin);
});
afterAll(() => server.stop());

type Fields = Readonly<Record<string, unknown>>;
const inPathOf = ({ rest }: Operation) => [...rest.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);

async function callRest({ rest }: Operation, fields: Fields) {
  const path = rest.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields[name])));
  const body = Object.fromEntries(Object.entries(fields).filter(([name]) => !rest.path.includes(`{${name}}`)));
  return server.call("POST", path, { token: adminToken, body });
}

async function callTrpc(name: string, { kind }: Operation, fields: Fields) {
  const { status, body } =
    kind === "query"
      ? await server.call("GET", `/trpc/${name}?input=${encodeURIComponent(JSON.stringify({ json: fields }))}`, {
          token: adminToken,
        })
      : await server.call("POST", `/trpc/${name}`, { token: adminToken, body: { json: fields } });
  return { status, body: body.error?.json.data.app ?? body.result.data.json };
}

/** The fields of an answer's issues; none when the input was accepted, whatever the operation did with it. */
const issuesOf = (answer: { body: { code?: string; issues?: { path: string }[] } }) =>
  answer.body.code === "VALIDATION_FAILED" ? answer.body.issues?.map(({ path }) => path) : [];

const fields = everyOperation.flatMap(({ name, operation, input = {} }) => {
  const shape = "shape" in operation.input ? operation.input.shape : {};
  return Object.entries(shape).map(([field, schema]) => ({
    name,
    field,
    operation,
    input,
    isOptional: schema.safeParse(undefined).success,
    // Of some fields one is required, such as what a command charges.
    isNeeded: !operation.input.safeParse({ ...input, [field]: undefined }).success,
    isInBody: operation.rest.method === "POST" && !inPathOf(operation).includes(field),
  }));
});

describe("null", () => {
  test.each(fields.filter(({ isOptional, isNeeded }) => isOptional && !isNeeded))(
    "null in the optional field $field of $name means that the field is absent",
    async ({ name, field, operation, input, isInBody }) => {
      // A cursor of another list would be refused for its own reason.
      const { cursor: _, ...others } = input as Fields;
      const withNull = { ...others, [field]: null };
      expect(issuesOf(await callTrpc(name, operation, withNull))).toEqual([]);
      if (isInBody) expect(issuesOf(await callRest(operation, withNull))).toEqual([]);
    },
  );

  test.each(fields.filter(({ isOptional, isNeeded }) => !isOptional || isNeeded))(
    "null in the required field $field of $name is refused, and the issue names the field",
    async ({ name, field, operation, input, isInBody }) => {
      const withNull = { ...input, [field]: null };
      expect(issuesOf(await callTrpc(name, operation, withNull))).toEqual([field]);
      if (isInBody) expect(issuesOf(await callRest(operation, withNull))).toEqual([field]);
    },
  );

  test("null in every optional field of a hold is the same request as without them", async () => {
    const required = { amount: 2, action: "video" };
    const nulls = { ttlSeconds: null, metadata: null, idempotencyKey: null };
    const headers = { "idempotency-key": "null-1" };
    const first = await server.call("POST", "/credits/holds", { token, headers, body: { ...required, ...nulls } });
    expect(first.status).toBe(200);
    const again = await server.call("POST", "/credits/holds", { token, headers, body: required });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const path = `/credits/holds/${first.body.holdId}/capture`;
    const captured = await server.call("POST", path, { token, body: { amount: null, idempotencyKey: null } });
    expect(captured).toMatchObject({ status: 200, body: { captured: 2, released: 0 } });
  });

  test("null in the optional fields of a grant has their defaults", async () => {
    const body = { amount: 1, reason: "gift", source: null, priority: null, expiresAt: null };
    expect(
      await server.call("POST", "/admin/users/user@example.com/grants", { token: adminToken, body }),
    ).toMatchObject({
      status: 200,
    });
    const { body: page } = await server.call("GET", "/credits/grants?limit=1", { token });
    expect(page.items[0]).toMatchObject({ amount: 1, source: "admin", priority: 50, expiresAt: null });
  });

  test("null inside metadata is data, and null in an unknown field is refused", async () => {
    const metadata = { a: null, list: [null], "": { b: null } };
    const spent = await server.call("POST", "/credits/consume", { token, body: { amount: 1, action: "a", metadata } });
    const found = await server.call("GET", `/credits/transactions/${spent.body.transactionId}`, { token });
    expect(found.body.metadata).toEqual(metadata);
    const unknown = await server.call("POST", "/credits/consume", {
      token,
      body: { amount: 1, action: "a", metadata: null, prompt: null },
    });
    expect(issuesOf(unknown)).toEqual(["prompt"]);
  });

  test("the OpenAPI document allows null in the optional fields of a body, and in no other", async () => {
    const { body: document } = await server.call("GET", "/openapi.json");
    const allowsNull = (schema: { type?: unknown; anyOf?: { type?: unknown }[] }) =>
      [schema.type].flat().includes("null") || (schema.anyOf ?? []).some(({ type }) => type === "null");
    for (const { name, field, operation, isOptional, isInBody } of fields.filter((each) => each.isInBody)) {
      const described = document.paths[operation.rest.path].post.requestBody.content["application/json"].schema;
      const schema = described.properties[field];
      expect({ name, field, isInBody, isNullable: allowsNull(schema) }).toMatchObject({ isNullable: isOptional });
    }
  });
});
