import { type Operation, operations, type RefusalCode, refusals, type StreamOperation, streams } from "@jifen/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

let server: Server;

/** A node of the document; tests read its children by name. */
type Node = { readonly [name: string]: Node };

const described = [operations, streams].flatMap((table) =>
  Object.values(table as Readonly<Record<string, Readonly<Record<string, Operation | StreamOperation>>>>).flatMap(
    (verbs) => Object.values(verbs),
  ),
);

const at = (node: Node | undefined, ...path: readonly (string | number)[]): Node | undefined =>
  path.reduce<Node | undefined>((each, name) => each?.[name], node);

let document: Node;
beforeAll(async () => {
  server = await startServer("sqlite");
  document = (await server.call("GET", "/openapi.json")).body;
});
afterAll(() => server.stop());

describe("/openapi.json", () => {
  test("/openapi.json is OpenAPI 3.1 and describes every operation once", () => {
    expect(at(document, "openapi")).toMatch(/^3\.1\./);
    const found = Object.entries(at(document, "paths") ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const declared = described.map(({ rest }) => `${rest.method} ${rest.path}`);
    expect(found.toSorted()).toEqual(declared.toSorted());
  });

  test("/openapi.json lists every refusal of an operation under its status", () => {
    for (const { rest, refusals: codes } of described) {
      const responses = at(document, "paths", rest.path, rest.method.toLowerCase(), "responses");
      for (const code of codes as readonly RefusalCode[])
        expect(at(responses, refusals[code].status, "description")).toContain(code);
    }
  });

  test("/openapi.json describes each stream, and each form of an output, by its content type", () => {
    for (const operation of described) {
      const content = at(document, "paths", operation.rest.path, operation.rest.method.toLowerCase(), "responses", 200);
      const declared =
        operation.kind === "stream"
          ? operation.contentTypes
          : ["application/json", ...Object.values(operation.rest.formats ?? {})];
      const types = declared.map((type) => type.replace(/;.*/, ""));
      expect(Object.keys(content?.["content"] ?? {}).toSorted()).toEqual(types.toSorted());
    }
  });

  test("response schemas in /openapi.json allow additional fields", () => {
    const paths = Object.values(at(document, "paths") as object).flatMap((methods) => Object.values(methods as object));
    expect(paths.length).toBeGreaterThan(10);
    for (const { responses } of paths) expect(JSON.stringify(responses)).not.toContain('"additionalProperties":false');
    expect(at(document, "components", "schemas", "Error")).not.toHaveProperty("additionalProperties");
  });

  test("request schemas in /openapi.json have the limits of the input", () => {
    const body = at(document, "paths", "/credits/consume", "post", "requestBody", "content", "application/json");
    expect(at(body, "schema")).toMatchObject({
      type: "object",
      required: ["action"],
      additionalProperties: false,
    });
    expect(at(document, "components", "schemas", "Amount")).toMatchObject({
      type: "integer",
      minimum: 1,
      maximum: 1_000_000_000_000,
    });
    expect(at(document, "components", "schemas", "Action")).toMatchObject({
      type: "string",
      minLength: 1,
      maxLength: 100,
    });
  });

  test("every reference in /openapi.json can be resolved", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path);
    expect(references.length).toBeGreaterThan(0);
    for (const path of references) {
      expect(at(document, ...path.split("/"))).toBeDefined();
    }
  });
});

describe("/docs", () => {
  test("/ redirects to /docs", async () => {
    const { headers, status } = await server.call("GET", "/");
    // fetch follows the redirect: this is the page itself.
    expect({ status, type: headers.get("content-type") }).toMatchObject({
      status: 200,
      type: expect.stringMatching(/^text\/html/),
    });
  });
});
