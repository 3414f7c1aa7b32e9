import { join } from "node:path";
import { callRest, type FreshDatabase, freshDatabase, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./files.ts";
import { attribute, type Span, startTraceCollector } from "./trace-collector.ts";

const credentials = { email: "user@example.com", password: "password123" };
const parent = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };

describe("a server on PostgreSQL with the traces of ops/opentelemetry", () => {
  let collector: Awaited<ReturnType<typeof startTraceCollector>>;
  let database: FreshDatabase;
  let api: Awaited<ReturnType<typeof startApi>>;
  beforeAll(async () => {
    [collector, database] = await Promise.all([startTraceCollector(), freshDatabase("postgresql")]);
    api = await startApi({
      databaseUrl: database.url,
      env: {
        USER_WHITELIST: `${credentials.email}:${credentials.password}`,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_BSP_SCHEDULE_DELAY: "100",
      },
      nodeOptions: ["--import", join(root, "ops/opentelemetry/traces.mjs")],
    });
  });
  afterAll(async () => {
    await api?.stop();
    collector?.close();
    await database?.drop();
  });

  const find = async (matches: (span: Span) => boolean): Promise<Span> => {
    await expect.poll(() => collector.spans.some(matches), { timeout: timeLimit(20) }).toBe(true);
    return collector.spans.find(matches) as Span;
  };

  test("a call is a span within its request, which belongs to the trace of its caller, and has the request id", async () => {
    const { body } = await callRest(api.url, "POST", "/auth/login", { body: credentials });
    const response = await fetch(`${api.url}/credits/consume`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${body["token"]}`,
        "content-type": "application/json",
        traceparent: `00-${parent.traceId}-${parent.spanId}-01`,
      },
      body: JSON.stringify({ amount: 5, action: "image" }),
    });
    expect(response.status).toBe(200);
    const call = await find(({ name }) => name === "credits.consume");
    expect(call.traceId).toBe(parent.traceId);
    expect(attribute(call, "http.response.status_code")).toBe("200");
    const request = await find(({ spanId }) => spanId === call.parentSpanId);
    expect(request).toMatchObject({ traceId: parent.traceId, parentSpanId: parent.spanId });
    expect(attribute(call, "jifen.request_id")).toBe(response.headers.get("x-request-id"));
  });

  test("a refused call has its status, and neither a password nor a token is in any span", async () => {
    const wrong = { ...credentials, password: "not-the-password" };
    expect(await callRest(api.url, "POST", "/auth/login", { body: wrong })).toMatchObject({ status: 401 });
    await find((span) => span.name === "auth.login" && attribute(span, "http.response.status_code") === "401");
    await find((span) => span.name.startsWith("pg.query"));
    const text = JSON.stringify(collector.spans);
    for (const secret of [credentials.password, wrong.password, "Bearer"]) expect(text).not.toContain(secret);
  });

  test("probes have no spans", async () => {
    await fetch(`${api.url}/readyz`);
    await callRest(api.url, "POST", "/auth/login", { body: credentials });
    await find((span) => span.name === "auth.login" && attribute(span, "http.response.status_code") === "200");
    expect(collector.spans.some((span) => attribute(span, "url.path") === "/readyz")).toBe(false);
  });
});
