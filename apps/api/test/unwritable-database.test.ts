import { randomBytes } from "node:crypto";
import {
  type Api,
  callRest,
  describeOn,
  freshDatabase,
  hasOwnMysql,
  onMysql,
  runApi,
  startApi,
  startOwnMysql,
} from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { describe, expect, test } from "vitest";
import { changeDatabase } from "./change-database.ts";
import { jifen } from "./jifen-command.ts";
import { user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

const whitelist = `${user.email}:${user.password}`;
/** The server checks every five seconds. */
const NOTICED = { timeout: timeLimit(30), interval: 200 };

/** Starts a server with one user of 100 credits, who is logged in. */
async function startSpending(databaseUrl: string) {
  const api = await startApi({ databaseUrl, env: { METRICS_TOKEN: "a-metrics-token-0123456789" } });
  const { token } = (await callRest(api.url, "POST", "/auth/login", { body: user })).body;
  const consume = () => callRest(api.url, "POST", "/credits/consume", { token, body: { amount: 1, action: "a" } });
  const log = () =>
    callRest(api.url, "POST", "/logs/create", {
      token,
      body: { userId: user.email, action: "a", details: {}, success: true, timestamp: "2026-01-01T00:00:00Z" },
    });
  return { api, consume, log, balance: () => callRest(api.url, "GET", "/credits/balance", { token }) };
}

const readiness = async ({ url }: Api) => {
  const { status, body } = await callRest(url, "GET", "/readyz");
  return { status, database: body.database };
};
const linesOf = (api: Api, words: string) => api.logs().filter(({ msg }) => String(msg).includes(words));
const isWritable = async ({ url }: Api) => {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: "Bearer a-metrics-token-0123456789" } });
  return /^jifen_database_writable (\d)$/m.exec(await response.text())?.[1];
};

/** Makes the database read-only while the server runs, and writable again. */
async function expectReported(databaseUrl: string, change: (isReadOnly: boolean) => Promise<void>): Promise<void> {
  const { api, consume, log, balance } = await startSpending(databaseUrl);
  await using _ = api;
  expect(await readiness(api)).toEqual({ status: 200, database: "ok" });
  await change(true);
  await expect.poll(() => readiness(api), NOTICED).toEqual({ status: 503, database: "read-only" });
  for (const write of [consume, log]) {
    const startedAt = Date.now();
    expect(await write()).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE" } });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  }
  expect((await balance()).body.balance).toBe(100);
  expect(await isWritable(api)).toBe("0");
  const doctor = await jifen(databaseUrl, "doctor");
  expect(doctor.exitCode).toBe(1);
  expect(doctor.stdout).toMatch(/✗ writes: the database is read-only: .*\n {4}→ after a failover, .*primary/);

  await change(false);
  await expect.poll(() => readiness(api), NOTICED).toEqual({ status: 200, database: "ok" });
  expect((await consume()).status).toBe(200);
  expect(await isWritable(api)).toBe("1");
  expect((await jifen(databaseUrl, "doctor")).stdout).toContain("✓ writes: the database can be written");
  expect(linesOf(api, "the database cannot be written: the database is read-only")).toHaveLength(1);
  expect(linesOf(api, "the database can be written again")).toHaveLength(1);
}

describe("a database that answers and cannot be written", () => {
  describeOn("postgresql")("on PostgreSQL", () => {
    test("a read-only PostgreSQL is reported by /readyz, one log line, metrics and the doctor, until it can be written", {
      timeout: timeLimit(120),
    }, async () => {
      const database = await freshDatabase("postgresql");
      await createTestUsers(database.url, whitelist, 100);
      const name = new URL(database.url).pathname.slice(1);
      await expectReported(database.url, (isReadOnly) =>
        changeDatabase(
          { ...database, url: Object.assign(new URL(database.url), { pathname: "/postgres" }).href },
          // As after a failover: the sessions end, and new ones meet a server that only reads.
          `ALTER DATABASE ${name} SET default_transaction_read_only = ${isReadOnly ? "on" : "off"};
           SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = '${name}' AND application_name = 'jifen'`,
        ),
      );
      await database.drop();
    });

    test("a server does not start as a PostgreSQL role that lacks rights, and names them, as the doctor does", {
      timeout: timeLimit(120),
    }, async () => {
      const database = await freshDatabase("postgresql");
      await createTestUsers(database.url, whitelist, 100);
      const role = `jifen_${randomBytes(6).toString("hex")}`;
      await changeDatabase(
        database,
        `CREATE ROLE ${role} LOGIN PASSWORD 'secret-words';
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
         REVOKE INSERT ON logs FROM ${role}; REVOKE UPDATE ON accounts FROM ${role}`,
      );
      const url = Object.assign(new URL(database.url), { username: role, password: "secret-words" }).href;
      const ended = await runApi({ databaseUrl: url, env: { AUTO_MIGRATE: "off" } });
      expect(ended.exitCode).toBe(1);
      expect(ended.stderr).toContain("lacks rights: UPDATE on accounts, INSERT on logs. Grant them: GRANT");
      expect(ended.stderr).not.toMatch(/ at .*\.js:\d+|secret-words/);
      const doctor = await jifen(url, "doctor");
      expect(doctor.stdout).toMatch(
        /✗ rights: the database user lacks UPDATE on accounts, INSERT on logs\n {4}→ GRANT/,
      );

      await changeDatabase(database, `GRANT INSERT ON logs TO ${role}; GRANT UPDATE ON accounts TO ${role}`);
      const { api, consume } = await startSpending(url);
      expect((await consume()).status).toBe(200);

      await changeDatabase(database, `REVOKE INSERT ON transactions FROM ${role}`);
      expect(await consume()).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE" } });
      await api.stop();
      await changeDatabase(database, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await database.drop();
    });
  });

  test.skipIf(!hasOwnMysql() && !process.env["CI"])(
    "a read-only MariaDB is reported, and so is a user who lacks rights",
    async () => {
      await using server = await startOwnMysql();
      const sql = (text: string) => onMysql(server.url, (connection) => connection.query(text));
      await sql("CREATE DATABASE jifen");
      await createTestUsers(`${server.url}jifen`, whitelist, 100);
      const withUrl = Object.assign(new URL(`${server.url}jifen`), { username: "app", password: "secret-words" }).href;
      await sql("CREATE USER app@'%' IDENTIFIED BY 'secret-words'; GRANT SELECT, INSERT, DELETE ON jifen.* TO app@'%'");
      const ended = await runApi({ databaseUrl: withUrl, env: { AUTO_MIGRATE: "off" } });
      expect(ended.exitCode).toBe(1);
      expect(ended.stderr).toMatch(
        /lacks rights: UPDATE on accounts, UPDATE on grants, UPDATE on holds, .*Grant them: GRANT/,
      );
      await sql("GRANT UPDATE ON jifen.* TO app@'%'");
      await expectReported(
        withUrl,
        async (isReadOnly) => void (await sql(`SET GLOBAL read_only = ${Number(isReadOnly)}`)),
      );
    },
    timeLimit(180),
  );
});
