import { accountId, accountOf } from "@jifen/core";
import { describeOn, emptyDatabase, type FreshDatabase } from "@jifen/testkit";
import { onPostgresql } from "@jifen/testkit/processes";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { migrateDatabase, openDatabase } from "../src/index.ts";
import { firstGrantOf } from "./commands.ts";
import { fund, ledgerOn, spend } from "./ledger-on.ts";
import { newEvent, newLog, newUser } from "./samples.ts";

const account = accountId("user:ann@example.com");
const ROLE = `jifen_plain_${process.pid}`;

describeOn("postgresql")("the schema of the tables on PostgreSQL", () => {
  let fresh: FreshDatabase;
  const sql = (text: string) => onPostgresql(fresh.url, (client) => client.query<Record<string, string>>(text));
  const tables = async () => {
    const text = `SELECT DISTINCT table_schema AS schema FROM information_schema.tables
      WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`;
    return (await sql(text)).rows.map(({ schema }) => schema).toSorted();
  };
  const withQuery = (name: string, value: string, as?: string) => {
    const url = new URL(fresh.url);
    url.searchParams.set(name, value);
    if (as !== undefined) Object.assign(url, { username: as, password: "plain" });
    return url.href;
  };
  /** Uses the tables through the migrator, through Prisma and through the ledger. */
  const useTables = async (url: string) => {
    const database = await openDatabase(url);
    try {
      const user = newUser();
      await database.users.create({ user, firstGrant: firstGrantOf(accountOf(user.id), 1), event: newEvent() });
      await database.logs.write([newLog()]);
      await fund(ledgerOn(database), account, 10);
      return await spend(ledgerOn(database), { account, key: "order-1", amount: 3 });
    } finally {
      await database.close();
    }
  };

  beforeAll(async () => {
    await onPostgresql(inject("postgresqlUrl"), (client) => client.query(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'plain'`));
  });
  afterAll(async () => {
    await onPostgresql(inject("postgresqlUrl"), (client) => client.query(`DROP ROLE IF EXISTS ${ROLE}`));
  });
  beforeEach(async () => {
    fresh = await emptyDatabase("postgresql");
  });
  afterEach(() => fresh.drop());

  test.each(["demo", "My Schema", "with-dash", "it's", 'quo"te', "a.b", "积分", "SELECT"])(
    "every part uses the schema that the URL names: %s",
    async (schema) => {
      expect(await useTables(withQuery("schema", schema))).toMatchObject({ ok: true });
      expect(await tables()).toEqual([schema]);
      expect(await migrateDatabase(withQuery("schema", schema))).toMatchObject({ files: [] });
    },
  );

  test("every part uses currentSchema, and the first schema of a search path that exists", async () => {
    await sql('CREATE SCHEMA other; CREATE SCHEMA "Third"');
    await useTables(withQuery("currentSchema", "demo"));
    await useTables(withQuery("options", "-c search_path=missing,other,public"));
    await sql(`ALTER DATABASE ${new URL(fresh.url).pathname.slice(1)} SET search_path = "Third", public`);
    await useTables(fresh.url);
    expect(await tables()).toEqual(["Third", "demo", "other"]);
  });

  test("two schemas of one database hold separate users, accounts and migrations", async () => {
    expect(await useTables(fresh.url)).toMatchObject({ ok: true, value: { replayed: false } });
    const second = await openDatabase(withQuery("schema", "second"));
    expect(await second.users.isEmpty()).toBe(true);
    expect((await second.ledger.readAccounts([account])).accounts.size).toBe(0);
    await fund(ledgerOn(second), account, 5);
    await second.close();
    const first = await openDatabase(fresh.url);
    expect((await first.ledger.readAccounts([account])).accounts.get(account)?.account).toMatchObject({ balance: 7 });
    await first.close();
  });

  test("a search path without a schema that exists is refused before a table is made", async () => {
    const url = withQuery("options", "-c search_path=nowhere");
    await expect(openDatabase(url)).rejects.toThrow(/No schema of the search path \(nowhere\).*CREATE SCHEMA/);
    expect(await tables()).toEqual([]);
  });

  test("a role without the right to create tables is refused with the GRANT, before a table is made", async () => {
    await sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    const url = Object.assign(new URL(fresh.url), { username: ROLE, password: "plain" }).href;
    const grant = `GRANT USAGE, CREATE ON SCHEMA "public" TO ${ROLE}`;
    await expect(openDatabase(url)).rejects.toThrow(grant);
    await sql("CREATE SCHEMA locked");
    await expect(openDatabase(withQuery("schema", "locked", ROLE))).rejects.toThrow(/ON SCHEMA "locked" TO/);
    await expect(openDatabase(withQuery("schema", "absent", ROLE))).rejects.toThrow(
      `CREATE SCHEMA "absent" AUTHORIZATION ${ROLE}`,
    );
    expect(await tables()).toEqual([]);
    await sql(grant);
    expect(await useTables(url)).toMatchObject({ ok: true });
    await sql(`DROP OWNED BY ${ROLE}`);
  });
});
