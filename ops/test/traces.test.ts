import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { callRest, type FreshDatabase, freshDatabase, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./files.ts";
import { attribute, type Span, startTraceCollector } from "./trace-collector.ts";

const credentials = { email: "user@example.com", password: "password123" };
const parent = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };

const file = join(root, "ops/opentelemetry/traces.mjs");
const settingsFor = (url: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  OTEL_BSP_SCHEDULE_DELAY: "100",
});

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
        // Only admins reach receivers of this machine.
        ...{ WEBHOOK_ALLOW: "127.0.0.1", ADMIN_EMAILS: credentials.email },
        ...settingsFor(collector.url),
      },
      nodeOptions: ["--import", file],
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
    expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
    // A later request: its span leaves the server after that of the probe would have.
    const later = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };
    await fetch(`${api.url}/health`, { headers: { traceparent: `00-${later.traceId}-${later.spanId}-01` } });
    await find(({ traceId }) => traceId === later.traceId);
    expect(collector.spans.map((span) => attribute(span, "url.path"))).not.toContain("/readyz");
  });

  test("a span of a request to a webhook endpoint names the host, and no secret of the address", async () => {
    const token = (await callRest(api.url, "POST", "/auth/login", { body: credentials })).body["token"] as string;
    const body = { url: `${collector.url}/hook/secret-path?key=secret-query` };
    const created = await callRest(api.url, "POST", "/webhooks/endpoints", { token, body });
    expect(created).toMatchObject({ status: 200 });
    await callRest(api.url, "POST", `/webhooks/endpoints/${created.body["endpoint"].endpointId}/test`, {
      token,
      body: {},
    });
    await find((span) => attribute(span, "url.full") === collector.url);
    await callRest(api.url, "GET", "/exports/secret-token?key=secret-query");
    await find((span) => attribute(span, "url.path") === "/exports/{token}");
    expect(JSON.stringify(collector.spans)).not.toMatch(/secret-(path|query|token)/);
  });
});

describe("a command with the traces of ops/opentelemetry", () => {
  let collector: Awaited<ReturnType<typeof startTraceCollector>>;
  beforeAll(async () => {
    collector = await startTraceCollector();
  });
  afterAll(() => collector?.close());

  test("ends when it gets a signal, after its spans were sent, which have no query of an address", async () => {
    const script = `await fetch("${collector.url}/pay?key=secret-query"); console.log("sent"); setInterval(() => {}, 1_000);`;
    const args = ["--import", file, "--input-type=module", "--eval", script];
    const command = spawn(process.execPath, args, {
      env: { PATH: process.env["PATH"], ...settingsFor(collector.url), OTEL_BSP_SCHEDULE_DELAY: "60000" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(command.stdout, "data");
    command.kill("SIGTERM");
    expect(await once(command, "exit")).toEqual([null, "SIGTERM"]);
    expect(collector.spans.map((span) => attribute(span, "url.full"))).toContain(collector.url);
    expect(JSON.stringify(collector.spans)).not.toContain("secret-query");
  });
});
