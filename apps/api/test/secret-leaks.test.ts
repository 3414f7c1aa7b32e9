import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  type Api,
  callRest,
  describeOn,
  type FreshDatabase,
  freePort,
  freshDatabase,
  openFaultProxy,
  type RestCall,
  startApi,
} from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandResult, jifenWith } from "./jifen-command.ts";
import { type Mailbox, startMailbox, textOf } from "./mailbox.ts";

const user = { email: "owner@example.com", password: "canary-password-of-a-user" };
const admin = { email: "admin@example.com", password: "canary-password-of-an-admin" };

/** Secrets in the settings. */
const settings = {
  JWT_SECRET: "canary-jwt-secret-0123456789abcdef",
  JWT_SECRET_1: "canary-older-jwt-secret-0123456789",
  AUTH_SECRET: "canary-auth-secret-0123456789abcdef",
  METRICS_TOKEN: "canary-metrics-token-0123456789",
};
const urlPasswords = {
  database: "canary-database-password",
  redis: "canary-redis-password",
  smtp: "canary-smtp-password",
};
const secrets = [...Object.values(settings), ...Object.values(urlPasswords), user.password, admin.password];

const withPassword = (address: string, name: string, password: string): string => {
  const url = new URL(address);
  [url.username, url.password] = [name, password];
  return url.href;
};

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** Starts a Redis with another password: its errors contain what was sent to it. */
async function startOtherRedis(): Promise<{ readonly url: string; readonly child: ChildProcess | undefined }> {
  const port = await freePort();
  const url = withPassword(`redis://127.0.0.1:${port}`, "default", urlPasswords.redis);
  if (!hasRedis) return { url, child: undefined };
  const args = ["--port", String(port), "--requirepass", "another-one", "--save", "", "--appendonly", "no"];
  return { url, child: spawn("redis-server", args, { stdio: "ignore" }) };
}

describeOn("postgresql")("secrets", () => {
  let database: FreshDatabase;
  let mailbox: Mailbox;
  let redis: Awaited<ReturnType<typeof startOtherRedis>>;
  let proxy: Awaited<ReturnType<typeof openFaultProxy>>;
  let api: Api;
  let env: Record<string, string>;
  /** Secrets that a response shows once to their owner: tokens, keys and links. */
  const issuedSecrets: string[] = [];
  const responses: string[] = [];

  const call = async (method: string, path: string, sent: RestCall = {}) => {
    const answer = await callRest(api.url, method, path, sent);
    responses.push(`${JSON.stringify([...answer.headers])} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const remember = <Text extends string>(text: Text): Text => {
    issuedSecrets.push(text);
    return text;
  };
  const login = async (credentials: object) =>
    remember((await call("POST", "/auth/login", { body: credentials })).body.token as string);

  beforeAll(async () => {
    [database, mailbox, redis] = await Promise.all([freshDatabase("postgresql"), startMailbox(), startOtherRedis()]);
    proxy = await openFaultProxy(database.url);
    const { username } = new URL(database.url);
    env = {
      ...settings,
      DATABASE_URL: withPassword(proxy.url, username || "postgres", urlPasswords.database),
      REDIS_URL: redis.url,
      SMTP_URL: withPassword(mailbox.url, "mailer", urlPasswords.smtp),
      MAIL_FROM: "Jifen <jifen@example.com>",
      REGISTRATION: "open",
      USER_WHITELIST: [user, admin].map(({ email, password }) => `${email}:${password}`).join(","),
      ADMIN_EMAILS: admin.email,
    };
    api = await startApi({ env: { ...env, LOG_LEVEL: "trace" } });
  });
  afterAll(async () => {
    redis?.child?.kill();
    await api?.stop();
    await proxy?.[Symbol.asyncDispose]();
    await mailbox?.close();
    await database?.drop();
  });

  test("no secret appears in the log or in a response, except an issued secret once for its owner", async () => {
    const [token, adminToken] = [await login(user), await login(admin)];
    for (const bad of [`${token}x`, `Bearer ${token}`, settings.JWT_SECRET]) {
      await call("GET", "/credits/balance", { token: bad });
      await call("POST", "/auth/verify", { body: { token: bad } });
    }
    await call("POST", "/auth/login", { body: `{"email":"${user.email}","password":"${user.password}"` });
    await call("POST", "/auth/login", { body: { ...user, password: [user.password] } });
    await call("POST", "/auth/login", { body: { email: user.password, password: user.email } });
    await call("POST", "/auth/password", { token, body: { currentPassword: user.password, newPassword: "short" } });
    await call("GET", "/metrics", { token: settings.METRICS_TOKEN });
    await call("GET", "/metrics", { token: `${settings.METRICS_TOKEN}x` });
    await call("GET", `/nope?token=${token}&password=${user.password}`);
    await call("GET", `/trpc/auth.verify?input=${encodeURIComponent(JSON.stringify({ json: { token } }))}`);
    await call("POST", "/trpc/auth.login", {
      body: { json: { ...user, token }, meta: { values: { token: ["map"] } } },
    });

    const created = await call("POST", "/keys", {
      token: adminToken,
      body: { name: "canary", scopes: ["credits:read"] },
    });
    const key = remember(created.body.key as string);
    const rotated = await call("POST", `/keys/${created.body.keyId}/rotate`, { token: adminToken, body: {} });
    remember(rotated.body.key as string);
    await call("GET", "/credits/balance", { token: key });
    await call("GET", "/credits/balance", { token: `${key.slice(0, -1)}${key.endsWith("a") ? "b" : "a"}` });
    await call("GET", "/keys", { token: adminToken });
    const createdUser = await call("POST", "/admin/users", { token: adminToken, body: { email: "new@example.com" } });
    const link = remember((createdUser.body.passwordLink.link as string).split("#password.")[1] ?? "");
    await call("POST", "/auth/password-reset", { body: { token: link, newPassword: user.password } });
    await call("POST", "/auth/password-reset", { body: { token: link, newPassword: user.password } });
    await call("POST", "/auth/forgotten-password", { body: { email: user.email } });
    await call("POST", "/auth/register", { body: { email: "later@example.com" } });
    for (const path of ["/admin/audit", "/admin/users", "/openapi.json", "/docs", "/link", "/readyz"]) {
      await call("GET", path, { token: adminToken });
    }
    await proxy.refuseConnections();
    await call("GET", "/credits/balance", { token });
    await call("POST", "/credits/consume", { token, body: { amount: 1, action: "a" } });
    await call("POST", "/auth/login", { body: user });
    await call("POST", "/auth/forgotten-password", { body: { email: admin.email } });
    await proxy.restore();
    await expect
      .poll(async () => (await callRest(api.url, "GET", "/readyz")).status, { timeout: timeLimit(10) })
      .toBe(200);
    // The links in e-mails are secrets of the recipients.
    for (const mail of mailbox.received) remember(/#[\w-]+\.(\S+)/.exec(textOf(mail))?.[1] ?? "");

    const output = api.output();
    for (const secret of [...secrets, ...issuedSecrets.filter((text) => text !== "")]) {
      expect(output, "the log").not.toContain(secret);
    }
    for (const secret of secrets) {
      expect(
        responses.filter((answer) => answer.includes(secret)),
        "responses",
      ).toEqual([]);
    }
    for (const secret of issuedSecrets.slice(0, 5)) {
      expect(responses.filter((answer) => answer.includes(secret))).toHaveLength(1);
    }
    expect(issuedSecrets.length).toBeGreaterThan(4);
    expect(output.length).toBeGreaterThan(100);
  });

  test("no secret appears in the output of the command line, also when it fails", async () => {
    const commands = [
      ["doctor"],
      ["doctor", "--json"],
      ["migrate", "--check"],
      ["audit", "--json"],
      ["key", "list", "--json"],
      ["user", "suspend", "unknown@example.com"],
      ["grant", user.email, "1.5", "--reason", "x"],
      ["import", withPassword("postgresql://127.0.0.1:9/none", "someone", urlPasswords.database)],
      ["nonsense"],
    ];
    const broken = [
      env,
      { ...env, DATABASE_URL: withPassword("postgresql://127.0.0.1:9/none", "someone", urlPasswords.database) },
      { ...env, DATABASE_URL: `postgresql://someone:${urlPasswords.database}@127.0.0.1:99999/none` },
      { ...env, DATABASE_URL: `oracle://someone:${urlPasswords.database}@127.0.0.1/none` },
      {
        ...env,
        PORT: "x",
        NODE_ENV: "production",
        JWT_SECRET: "canary-jwt-secret",
        SMTP_URL: urlPasswords.smtp,
        REDIS_URL: urlPasswords.redis,
      },
    ];
    const results: CommandResult[] = [];
    for (const [n, each] of broken.entries()) {
      for (const words of commands.slice(0, n === 0 ? undefined : 3)) results.push(await jifenWith(each, ...words));
    }
    for (const { stdout, stderr } of results) {
      for (const secret of [...secrets, "canary-jwt-secret"]) expect(`${stdout}${stderr}`).not.toContain(secret);
    }
    expect(results.filter(({ stdout, stderr }) => `${stdout}${stderr}` === "")).toEqual([]);
  });
});
