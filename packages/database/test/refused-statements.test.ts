import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { accountOf } from "@jifen/core";
import { DatabaseUnavailable, isInfrastructureError } from "@jifen/ledger";
import { describeOn } from "@jifen/testkit";
import { afterEach, describe, expect, test } from "vitest";
import { firstGrantOf } from "./commands.ts";
import { fund, ledgerOn, spend } from "./ledger-on.ts";
import { openRawSql } from "./raw-sql.ts";
import { newEvent, newLog, newUser, newUserId } from "./samples.ts";
import { type InUse, useDatabase } from "./use-database.ts";

type Refusal = { readonly code: string; readonly state: string };

/** What servers answer when they cannot do a statement, by the code that they send. None of them is a bug of Jifen. */
const refusals = {
  postgresql: [
    { code: "53100", state: "a full disk" },
    { code: "53200", state: "no memory" },
    { code: "53400", state: "a limit of the configuration" },
    { code: "58030", state: "a failing disk" },
    { code: "58P01", state: "a missing file" },
    { code: "25006", state: "a read-only transaction" },
    { code: "42501", state: "a missing right" },
    { code: "55P03", state: "a lock that is not available" },
    { code: "57014", state: "a cancelled statement" },
    { code: "26000", state: "a statement that a pooler prepared elsewhere" },
    { code: "42P05", state: "a statement that a pooler has prepared already" },
    { code: "XX001", state: "a damaged page" },
    { code: "54000", state: "a program limit" },
    { code: "F0001", state: "a lock file" },
    { code: "HV000", state: "a foreign server" },
  ],
  mysql: [
    { code: "1021", state: "a full disk" },
    { code: "1114", state: "a full table" },
    { code: "1026", state: "a file that cannot be written" },
    { code: "1030", state: "an error of the storage engine" },
    { code: "1037", state: "no memory" },
    { code: "1041", state: "no memory of the system" },
    { code: "1047", state: "a node that has left its cluster" },
    { code: "1142", state: "a missing right" },
    { code: "1205", state: "a lock that is not available" },
    { code: "1290", state: "a read-only server" },
    { code: "1792", state: "a read-only transaction" },
    { code: "1836", state: "read-only mode" },
    { code: "1969", state: "a statement that runs too long" },
    { code: "1615", state: "a statement that has to be prepared again" },
    { code: "3100", state: "a plugin of replication" },
  ],
} as const satisfies Record<string, readonly Refusal[]>;

const tables = ["call_logs", "users", "audit_events", "job_leases", "counters", "accounts", "transactions"];

const triggerOn = {
  postgresql: (table: string, code: string) => `
    CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '${code}'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse()`,
  mysql: (table: string, code: string) => `
    CREATE TRIGGER refuse_insert_${table} BEFORE INSERT ON ${table} FOR EACH ROW
      SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${code}, MESSAGE_TEXT = 'refused';
    CREATE TRIGGER refuse_update_${table} BEFORE UPDATE ON ${table} FOR EACH ROW
      SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${code}, MESSAGE_TEXT = 'refused'`,
};
const dropTriggerOn = {
  postgresql: (table: string) => `DROP TRIGGER IF EXISTS refuse ON ${table}`,
  mysql: (table: string) =>
    `DROP TRIGGER IF EXISTS refuse_insert_${table}; DROP TRIGGER IF EXISTS refuse_update_${table}`,
};

/** One write of every store, by every way to the database: Prisma's models and raw SQL, and the driver of the ledger. */
function writesOf({ database }: InUse) {
  const ledger = ledgerOn(database);
  const key = randomUUID();
  return {
    log: () => database.logs.write([newLog()]),
    user: () => {
      const user = newUser();
      const firstGrant = firstGrantOf(accountOf(user.id), 1);
      return database.users.create({ user, firstGrant, event: newEvent() });
    },
    lease: () => database.leases.acquire({ name: key, holder: "a", nowMs: 1, untilMs: 2 }),
    count: () => database.counters.add(key, { nowMs: 1, expiresAtMs: 2 }),
    grant: () => fund(ledger, accountOf(newUserId()), 1),
  };
}

const errorOf = async (call: () => Promise<unknown>): Promise<unknown> =>
  call().then(
    (value) => value,
    (error: unknown) => error,
  );

describe.each(["postgresql", "mysql"] as const)("statements that %s refuses", (kind) => {
  describeOn(kind)("", () => {
    const here = useDatabase(kind);

    const countRows = async () => {
      const counts = tables.map(async (table) => here.sql.query(`SELECT count(*) AS rows_of_it FROM ${table}`));
      return Object.fromEntries((await Promise.all(counts)).map((rows, at) => [tables[at], rows]));
    };

    afterEach(async () => {
      for (const table of tables) await here.sql.query(dropTriggerOn[kind](table));
    });

    test.each<Refusal>(refusals[kind])(
      "a write that meets $state ($code) has no effect, on every way to the database",
      async ({ code }) => {
        const before = await countRows();
        for (const table of tables) await here.sql.query(triggerOn[kind](table, code));
        for (const [name, write] of Object.entries(writesOf(here))) {
          const error = await errorOf(write);
          expect(error, `${name}: ${String(error)}`).toBeInstanceOf(DatabaseUnavailable);
        }
        expect(await countRows()).toEqual(before);
      },
    );

    test("a consume works again immediately after a refusal, on the same connections", async () => {
      const ledger = ledgerOn(here.database);
      const account = accountOf(newUserId());
      await fund(ledger, account, 5);
      await here.sql.query(triggerOn[kind]("transactions", kind === "postgresql" ? "53100" : "1021"));
      const sent = { account, key: randomUUID(), amount: 2 };
      await expect(spend(ledger, sent)).rejects.toThrow(DatabaseUnavailable);
      await here.sql.query(dropTriggerOn[kind]("transactions"));
      expect(await spend(ledger, sent)).toMatchObject({ ok: true, value: { replayed: false } });
      expect(await ledger.balance(account)).toMatchObject({ balance: 3 });
    });

    test("a wrong statement stays an error of its own", async () => {
      await here.sql.query(triggerOn[kind]("call_logs", kind === "postgresql" ? "22012" : "1366"));
      const error = await errorOf(() => here.database.logs.write([newLog()]));
      expect(error).toBeInstanceOf(Error);
      expect(isInfrastructureError(error)).toBe(false);
    });
  });
});

describeOn("postgresql")("connections that PostgreSQL refuses", () => {
  const here = useDatabase("postgresql");

  test("while the database allows no connections, every write is refused without effect", async () => {
    const [row] = await here.sql.query("SELECT current_database() AS name");
    const allow = (isAllowed: boolean) =>
      onPostgresql(here.url, `ALTER DATABASE ${row?.["name"]} ALLOW_CONNECTIONS ${isAllowed}`);
    await Promise.all(Object.values(writesOf(here)).map((write) => write()));
    await allow(false);
    try {
      await here.sql.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'jifen'",
      );
      // A statement on a connection whose end has not arrived yet has an unknown outcome.
      await sleep(500);
      for (const [name, write] of Object.entries(writesOf(here))) {
        expect(await errorOf(write), name).toBeInstanceOf(DatabaseUnavailable);
      }
    } finally {
      await allow(true);
    }
    await Promise.all(Object.values(writesOf(here)).map((write) => write()));
  });
});

/** Runs one statement on the server, in the database that is always there. */
async function onPostgresql(url: string, sql: string): Promise<void> {
  const server = await openRawSql(Object.assign(new URL(url), { pathname: "/postgres" }).href);
  await server.query(sql);
  await server.close();
}
