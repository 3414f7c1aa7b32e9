import { expect, test } from "vitest";
import { routes } from "../../test/echo-operations.ts";
import { operationSection } from "../http/docs/operation-section.ts";
import { createOpenApiDocument } from "./openapi.ts";

const document = createOpenApiDocument("1.0.0", routes);

test("the OpenAPI document separates path parameters, query parameters and body", () => {
  const capture = document.paths?.["/holds/{holdId}/capture"]?.post;
  expect(capture?.parameters).toMatchObject([{ in: "path", name: "holdId", required: true }]);
  expect(capture?.requestBody).toMatchObject({ required: false });
  expect(capture?.requestBody).toHaveProperty(
    ["content", "application/json", "schema"],
    expect.objectContaining({ properties: { amount: expect.anything() }, additionalProperties: false }),
  );
  expect(document.paths?.["/users/{userId}/grants"]?.post?.requestBody).toMatchObject({ required: true });
  expect(document.paths?.["/holds/{holdId}/release"]?.post).not.toHaveProperty("requestBody");
  const list = document.paths?.["/transactions"]?.get;
  expect(list).not.toHaveProperty("requestBody");
  expect(list?.parameters).toMatchObject([
    { in: "query", name: "action", schema: { type: "string" } },
    { in: "query", name: "limit", schema: { type: "integer", minimum: 1, maximum: 100, default: 20 } },
  ]);
  expect(list?.parameters?.some((parameter) => "required" in parameter && parameter.required)).toBe(false);
  expect(document.paths?.["/plain"]?.get?.parameters).toBeUndefined();
});

test("the documentation page lists the same parameters, with a curl command to copy", async () => {
  const context = { document, language: "zh", origin: "http://x", objects: new Set<string>() } as const;
  const sections = await Promise.all(routes.map((route) => operationSection(route, context)));
  const page = sections.map(({ html }) => html).join("");
  expect(page).toMatch(/<pre class=curl>curl http:\/\/x\/holds\/[^/]+\/capture \\\n {2}-X POST</);
  expect(page).toMatch(/<dt>holdId <i>路径<\/i><dd>文本[^§]*<dt>amount<dd>/u);
  expect(page).toMatch(/<dt>limit<dd>整数，1 到 100，默认 <code>20<\/code>/u);
});
