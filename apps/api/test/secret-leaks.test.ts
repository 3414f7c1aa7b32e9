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
import { afterAll, beforeAll, expect, test } from "vitest";
import { jifenWith } from "./jifen-command.ts";
import { type Mailbox, startMailbox, textOf } from "./mailbox.ts";

const person = { email: "person@example.com", password: "canary-password-of-a-person" };
const boss = { email: "boss@example.com", password: "canary-password-of-the-boss" };

/** Secrets of the settings: nothing ever shows them. */
const settings = {
  JWT_SECRET: "canary-jwt-secret-0123456789abcdef",
  JWT_SECRET_1: "canary-older-jwt-secret-0123456789",
  AUTH_SECRET: "canary-auth-secret-0123456789abcdef",
  METRICS_TOKEN: "canary-metrics-token-0123456789",
};
const inUrls = { database: "canary-database-password", redis: "canary-redis-password", smtp: "canary-smtp-password" };
const kept = [...Object.values(settings), ...Object.values(inUrls), person.password, boss.password];

const withPassword = (address: string, name: string, password: string): string => {
  const url = new URL(address);
  [url.username, url.password] = [name, password];
  return url.href;
};

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** A Redis that wants another password: what is sent to it comes back in errors. */
async function startOtherRedis(): Promise<{ readonly url: string; readonly child: ChildProcess | undefined }> {
  const port = await freePort();
  const url = withPassword(`redis://127.0.0.1:${port}`, "default", inUrls.redis);
  if (!hasRedis) return { url, child: undefined };
  const args = ["--port", String(port), "--requirepass", "another-one", "--save", "", "--appendonly", "no"];
  return { url, child: spawn("redis-server", args, { stdio: "ignore" }) };
}

describeOn("postgresql")("a secret", () => {
  let database: FreshDatabase;
  let mailbox: Mailbox;
  let redis: Awaited<ReturnType<typeof startOtherRedis>>;
  let wire: Awaited<ReturnType<typeof openFaultProxy>>;
  let api: Api;
  let env: Record<string, string>;
  /** What was handed out once, to whom it belongs: a token, a key, a link. */
  const handedOut: string[] = [];
  const answers: string[] = [];

  const call = async (method: string, path: string, sent: RestCall = {}) => {
    const answer = await callRest(api.url, method, path, sent);
    answers.push(`${JSON.stringify([...answer.headers])} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const keep = <Text extends string>(text: Text): Text => {
    handedOut.push(text);
    return text;
  };
  const login = async (who: object) => keep((await call("POST", "/auth/login", { body: who })).body.token as string);

  beforeAll(async () => {
    [database, mailbox, redis] = await Promise.all([freshDatabase("postgresql"), startMailbox(), startOtherRedis()]);
    wire = await openFaultProxy(database.url);
    const { username } = new URL(database.url);
    env = {
      ...settings,
      DATABASE_URL: withPassword(wire.url, username || "postgres", inUrls.database),
      REDIS_URL: redis.url,
      SMTP_URL: withPassword(mailbox.url, "mailer", inUrls.smtp),
      MAIL_FROM: "Jifen <jifen@example.com>",
      REGISTRATION: "open",
      USER_WHITELIST: [person, boss].map(({ email, password }) => `${email}:${password}`).join(","),
      ADMIN_EMAILS: boss.email,
    };
    api = await startApi({ env: { ...env, LOG_LEVEL: "trace" } });
  });
  afterAll(async () => {
    redis?.child?.kill();
    await api?.stop();
    await wire?.[Symbol.asyncDispose]();
    await mailbox?.close();
    await database?.drop();
  });

  test("is in what the server says to nobody but whom it is for, and then once", async () => {
    const [token, admin] = [await login(person), await login(boss)];
    for (const bad of [`${token}x`, `Bearer ${token}`, settings.JWT_SECRET]) {
      await call("GET", "/credits/balance", { token: bad });
      await call("POST", "/auth/verify", { body: { token: bad } });
    }
    await call("POST", "/auth/login", { body: `{"email":"${person.email}","password":"${person.password}"` });
    await call("POST", "/auth/login", { body: { ...person, password: [person.password] } });
    await call("POST", "/auth/login", { body: { email: person.password, password: person.email } });
    await call("POST", "/auth/password", { token, body: { currentPassword: person.password, newPassword: "short" } });
    await call("GET", "/metrics", { token: settings.METRICS_TOKEN });
    await call("GET", "/metrics", { token: `${settings.METRICS_TOKEN}x` });
    await call("GET", `/nope?token=${token}&password=${person.password}`);
    await call("GET", `/trpc/auth.verify?input=${encodeURIComponent(JSON.stringify({ json: { token } }))}`);
    await call("POST", "/trpc/auth.login", {
      body: { json: { ...person, token }, meta: { values: { token: ["map"] } } },
    });

    const made = await call("POST", "/keys", { token: admin, body: { name: "canary", scopes: ["credits:read"] } });
    const key = keep(made.body.key as string);
    const rotated = await call("POST", `/keys/${made.body.keyId}/rotate`, { token: admin, body: {} });
    keep(rotated.body.key as string);
    await call("GET", "/credits/balance", { token: key });
    await call("GET", "/credits/balance", { token: `${key.slice(0, -1)}${key.endsWith("a") ? "b" : "a"}` });
    await call("GET", "/keys", { token: admin });
    const user = await call("POST", "/admin/users", { token: admin, body: { email: "new@example.com" } });
    const link = keep((user.body.passwordLink.link as string).split("#password.")[1] ?? "");
    await call("POST", "/auth/password-reset", { body: { token: link, newPassword: person.password } });
    await call("POST", "/auth/password-reset", { body: { token: link, newPassword: person.password } });
    await call("POST", "/auth/forgotten-password", { body: { email: person.email } });
    await call("POST", "/auth/register", { body: { email: "later@example.com" } });
    for (const path of ["/admin/audit", "/admin/users", "/openapi.json", "/docs", "/link", "/readyz"]) {
      await call("GET", path, { token: admin });
    }
    await wire.refuseConnections();
    await call("GET", "/credits/balance", { token });
    await call("POST", "/credits/consume", { token, body: { amount: 1, action: "a" } });
    await call("POST", "/auth/login", { body: person });
    await call("POST", "/auth/forgotten-password", { body: { email: boss.email } });
    await wire.restore();
    await expect.poll(async () => (await callRest(api.url, "GET", "/readyz")).status, { timeout: 10_000 }).toBe(200);
    // The letters are secrets of those they were sent to.
    for (const letter of mailbox.received) keep(/#[\w-]+\.(\S+)/.exec(textOf(letter))?.[1] ?? "");

    const output = api.output();
    for (const secret of [...kept, ...handedOut.filter((text) => text !== "")]) {
      expect(output, "the log").not.toContain(secret);
    }
    for (const secret of kept) {
      expect(
        answers.filter((answer) => answer.includes(secret)),
        "answers",
      ).toEqual([]);
    }
    for (const secret of handedOut.slice(0, 5)) {
      expect(answers.filter((answer) => answer.includes(secret))).toHaveLength(1);
    }
    expect(handedOut.length).toBeGreaterThan(4);
    expect(output.length).toBeGreaterThan(100);
  });

  test("is in nothing that the command line says, whatever goes wrong", async () => {
    const commands = [
      ["doctor"],
      ["doctor", "--json"],
      ["migrate", "--check"],
      ["audit", "--json"],
      ["key", "list", "--json"],
      ["user", "suspend", "nobody@example.com"],
      ["grant", person.email, "1.5", "--reason", "x"],
      ["import", withPassword("postgresql://127.0.0.1:9/none", "someone", inUrls.database)],
      ["nonsense"],
    ];
    const broken = [
      env,
      { ...env, DATABASE_URL: withPassword("postgresql://127.0.0.1:9/none", "someone", inUrls.database) },
      { ...env, DATABASE_URL: `postgresql://someone:${inUrls.database}@127.0.0.1:99999/none` },
      { ...env, DATABASE_URL: `oracle://someone:${inUrls.database}@127.0.0.1/none` },
      {
        ...env,
        PORT: "x",
        NODE_ENV: "production",
        JWT_SECRET: "canary-jwt-secret",
        SMTP_URL: inUrls.smtp,
        REDIS_URL: inUrls.redis,
      },
    ];
    const said = await Promise.all(
      broken.flatMap((each, n) => commands.slice(0, n === 0 ? undefined : 3).map((words) => jifenWith(each, ...words))),
    );
    for (const { stdout, stderr } of said) {
      for (const secret of [...kept, "canary-jwt-secret"]) expect(`${stdout}${stderr}`).not.toContain(secret);
    }
    expect(said.filter(({ stdout, stderr }) => `${stdout}${stderr}` === "")).toEqual([]);
  });
});
