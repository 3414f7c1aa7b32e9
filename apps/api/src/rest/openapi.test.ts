import { expect, test } from "vitest";
import { routes } from "../../test/echo-operations.ts";
import { docsPage } from "../http/docs/page.ts";
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
  const page = String(await docsPage({ document, routes, origin: "http://x" }));
  expect(page).toContain("curl http://x/holds/hold-1/capture \\\n  -X POST<");
  expect(page).toMatch(/路径参数[^§]*holdId[^§]*optional[^§]*amount/u);
  expect(page).toMatch(/查询参数[^§]*limit/u);
});
