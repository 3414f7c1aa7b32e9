import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { METRICS_TOKEN, metricsOf } from "./metrics-of.ts";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

let api: ApiWithAdmin;
beforeAll(async () => {
  api = await startApiWithAdmin("sqlite", {
    METRICS_TOKEN,
    TRUST_PROXY: "loopback",
    RATE_LIMIT_CALLER: "1000/1m",
    USER_KEYS: "on",
  });
});
afterAll(() => api.server.stop());

const from = (address: string) => ({ "x-forwarded-for": address });
const refused = () => api.server.api.logs().filter(({ msg }) => msg === "request refused");
const lineOf = (requestId: string) => refused().find((line) => line["requestId"] === requestId);

/** The value of `jifen_refusals_total` with these labels. */
async function countOf(labels: Readonly<Record<string, string>>): Promise<number> {
  const lines = (await metricsOf(api.server.api))
    .split("\n")
    .filter((line) => line.startsWith("jifen_refusals_total{"));
  const matching = lines.filter((line) =>
    Object.entries(labels).every(([name, is]) => line.includes(`${name}="${is}"`)),
  );
  return matching.map((line) => Number(line.split(" ").at(-1))).reduce((sum, each) => sum + each, 0);
}

/** Sends bytes and waits until the server closes the connection. */
async function sendBytes(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(api.server.api.url).port), "127.0.0.1", () => socket.write(bytes));
  let received = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    received += text;
  });
  await once(socket, "close");
  return received;
}

type Attack = {
  readonly says: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly line: Readonly<Record<string, unknown>>;
  readonly run: (headers: Record<string, string>) => Promise<{ readonly headers: Headers }>;
};

const call = (method: string, path: string, options: object) => (headers: Record<string, string>) =>
  api.server.call(method, path, { ...options, headers });
const trpc = (path: string, input: unknown, token?: string) => async (headers: Record<string, string>) =>
  fetch(`${api.server.api.url}/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers, ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ json: input }),
  });
const wrongLogin = { email: user.email, password: "not-the-password-1" };

describe("what a refusal leaves behind", () => {
  const attacks = (): readonly Attack[] => [
    {
      says: "a failed log-in over REST",
      labels: { operation: "auth.login", code: "INVALID_CREDENTIALS", kind: "failed-login" },
      line: { account: user.email },
      run: call("POST", "/auth/login", { body: wrongLogin }),
    },
    {
      says: "a failed log-in over tRPC for an account that does not exist",
      labels: { operation: "auth.login", code: "INVALID_CREDENTIALS", kind: "failed-login" },
      line: { account: "unknown@example.com" },
      run: trpc("auth.login", { ...wrongLogin, email: "unknown@example.com" }),
    },
    {
      says: "a refused service key",
      labels: { operation: "credits.balance", code: "UNAUTHENTICATED", kind: "refused-credential" },
      line: {},
      run: call("GET", "/credits/balance", { token: `jf_live_${"a".repeat(12)}_${"b".repeat(43)}` }),
    },
    {
      says: "a wrong metrics token",
      labels: { operation: "metrics", code: "UNAUTHENTICATED", kind: "refused-credential" },
      line: {},
      run: call("GET", "/metrics", { token: "wrong" }),
    },
    {
      says: "a user who calls an operation of staff",
      labels: { operation: "users.list", code: "FORBIDDEN", kind: "forbidden" },
      line: { actor: `user:${user.email}` },
      run: call("GET", "/admin/users", { token: api.tokens.user }),
    },
    {
      says: "a user who asks for a key with the scopes of an admin, over tRPC",
      labels: { operation: "keys.create", code: "SCOPE_NOT_GRANTABLE", kind: "forbidden" },
      line: { actor: `user:${user.email}` },
      run: trpc("keys.create", { name: "x", scopes: ["admin"] }, api.tokens.user),
    },
    {
      says: "an admin who suspends their own account",
      labels: { operation: "users.suspend", code: "SELF_ACTION_FORBIDDEN", kind: "forbidden" },
      line: { actor: `user:${admin.email}` },
      run: call("POST", `/admin/users/${admin.email}/suspend`, { token: api.tokens.admin, body: { reason: "x" } }),
    },
    {
      says: "a user who names another user",
      labels: { operation: "credits.balance", code: "USER_MISMATCH", kind: "forbidden" },
      line: {},
      run: call("GET", "/credits/balance", { token: api.tokens.user, userId: "other@example.com" }),
    },
    {
      says: "a guessed one-time link",
      labels: { operation: "auth.resetPassword", code: "LINK_EXPIRED", kind: "refused-credential" },
      line: {},
      run: call("POST", "/auth/password-reset", { body: { token: "a".repeat(43), newPassword: "tr0ub4dor-and-3" } }),
    },
    {
      says: "a body that is not JSON",
      labels: { operation: "auth.login", code: "MALFORMED_JSON", kind: "malformed-request" },
      line: {},
      run: call("POST", "/auth/login", { body: "{" }),
    },
    {
      says: "a body that is too large",
      labels: { code: "PAYLOAD_TOO_LARGE", kind: "malformed-request" },
      line: {},
      run: call("POST", "/logs/create", { token: api.tokens.user, body: "x".repeat(200_000) }),
    },
  ];

  test("an attack is counted by its kind and leaves one log line with its address, actor and request id", async () => {
    let host = 0;
    for (const { says, labels, line, run } of attacks()) {
      const before = await countOf(labels);
      const address = `192.0.2.${++host}`;
      const { headers } = await run({ ...from(address), "user-agent": "attacker/1.0" });
      expect({ says, count: await countOf(labels) }).toEqual({ says, count: before + 1 });
      const requestId = headers.get("x-request-id") ?? "";
      const { operation, ...rest } = labels;
      await expect
        .poll(() => lineOf(requestId))
        .toMatchObject({
          level: "warn",
          ...rest,
          ...(operation && { operation }),
          ...line,
          address,
          userAgent: "attacker/1.0",
        });
    }
  });

  test("bytes that are not HTTP and headers that are too large are counted and logged", async () => {
    const before = await countOf({ kind: "malformed-request", operation: "none" });
    await sendBytes("NOT HTTP AT ALL\r\n\r\n");
    await sendBytes(`GET /health HTTP/1.1\r\nHost: a\r\nX-Large: ${"x".repeat(40_000)}\r\n\r\n`);
    await sendBytes("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: magic\r\n\r\n");
    expect(await countOf({ kind: "malformed-request", operation: "none" })).toBe(before + 3);
    expect(await countOf({ code: "HEADERS_TOO_LARGE" })).toBe(1);
    expect(refused()).toContainEqual(expect.objectContaining({ code: "MALFORMED_REQUEST", address: "127.0.0.1" }));
  });

  test("what the business refuses is logged at the level info, and unknown paths are only counted", async () => {
    const labels = { operation: "credits.consume", code: "INSUFFICIENT_CREDITS", kind: "ordinary" };
    const spent = await api.post("/credits/consume", { amount: 1_000_000, action: "x" });
    const missing = await api.server.call("GET", "/wp-login.php");
    const unknown = await trpc("admin.drop", {})({});
    expect(await countOf(labels)).toBe(1);
    expect(await countOf({ operation: "none", code: "NOT_FOUND" })).toBe(2);
    await expect
      .poll(() => lineOf(spent.headers.get("x-request-id") ?? ""))
      .toMatchObject({ ...labels, level: "info", actor: `user:${user.email}`, address: "127.0.0.1" });
    for (const { headers } of [missing, unknown]) expect(lineOf(headers.get("x-request-id") ?? "")).toBeUndefined();
  });

  test("no secret, no unbounded text and no second line reaches the log", async () => {
    const address = "198.51.100.7";
    const headers = { ...from(address), "user-agent": `\u009b31m"}{"level":"fatal"}${"x".repeat(5_000)}` };
    await api.server.call("POST", "/auth/login", { body: { ...wrongLogin, password: "s3cret-in-a-body" }, headers });
    await api.server.call("GET", "/credits/balance", { token: "s3cret-token", headers });
    await expect.poll(() => refused().filter((line) => line["address"] === address)).toHaveLength(2);
    const output = api.server.api.output();
    for (const forbidden of ["s3cret", "\u009b"]) expect(output).not.toContain(forbidden);
    expect(api.server.api.logs().filter(({ level }) => level === "fatal")).toEqual([]);
    for (const line of output.split("\n")) expect(line.length).toBeLessThan(1_000);
  });

  test("the labels of the metric have no user and no address, however many attack", async () => {
    const guess = (at: number) =>
      api.server.call("GET", "/credits/balance", { token: `guess-${at}`, headers: from(`203.0.113.${at}`) });
    await Promise.all(Array.from({ length: 50 }, (_, at) => guess(at)));
    const lines = (await metricsOf(api.server.api))
      .split("\n")
      .filter((line) => line.startsWith("jifen_refusals_total{"));
    expect(lines.filter((line) => /@|\d+\.\d+\.\d+/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('operation="credits.balance",code="UNAUTHENTICATED"'))).toHaveLength(1);
  });
});

test("a flood over the rate limit is counted by policy, and logs a bounded number of lines", async () => {
  const flooded = await startApiWithAdmin("sqlite", { METRICS_TOKEN, RATE_LIMIT_CALLER: "5/1m" });
  try {
    const answers = await Promise.all(Array.from({ length: 300 }, () => flooded.get("/credits/balance")));
    const limited = answers.filter(({ status }) => status === 429).length;
    expect(limited).toBeGreaterThan(290);
    const metrics = await metricsOf(flooded.server.api);
    const labels = 'operation="credits.balance",code="RATE_LIMITED",kind="rate-limited",policy="caller"';
    expect(metrics).toContain(`jifen_refusals_total{${labels}} ${limited}\n`);
    const lines = () => flooded.server.api.logs().filter(({ kind }) => kind === "rate-limited");
    await expect.poll(() => lines().length).toBe(10);
    expect(lines()[0]).toMatchObject({ actor: `user:${user.email}`, policy: "caller", address: "127.0.0.1" });
    expect(metrics).toContain(`jifen_refusal_lines_suppressed_total{kind="rate-limited"} ${limited - 10}\n`);
  } finally {
    await flooded.server.stop();
  }
});
