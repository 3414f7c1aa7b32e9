import type { CannotDump, Dump, DumpOptions, Holdings, RestorableDump } from "../../dump/dump.ts";
import { countHoldings } from "../../dump/holdings.ts";
import { feedProgram, findProgram, outputOf } from "../../dump/program.ts";
import { UnusableDatabase } from "../../schema/unusable-database.ts";
import { isDistributed } from "./citus/distribution.ts";
import type { Client } from "./client.ts";
import { majorOf, reasonNotToDump, reasonNotToRestore } from "./dump-versions.ts";
import { type LibpqConnection, toLibpq } from "./libpq.ts";
import { schemaOf } from "./migrate.ts";
import { type Route, withConnection } from "./pool.ts";
import { prepareSchemaForTables } from "./schema.ts";
import { quoteName } from "./settings.ts";

/** The part of the dump: an archive of `pg_dump`, which `pg_restore` reads. */
const PART = "database.pgdump";

async function holdingsOf(client: Client): Promise<Holdings> {
  const read = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows[0];
  const found = await read("SELECT to_regclass('call_logs') IS NOT NULL AS is_there");
  return countHoldings(read, found?.["is_there"] === true);
}

const cannot = (en: string, zh: string): CannotDump => ({ reason: { en, zh } });

/** The version of the server: `15.4 (Debian 15.4-1)`. */
const versionOf = async (client: Client): Promise<string> =>
  (await client.query<{ version: string }>("SELECT current_setting('server_version') AS version")).rows[0]?.version ??
  "";

/** Why `pg_dump` is not used, or how it is called. */
async function planDump(url: string, client: Client, { schema, isPooled }: Route) {
  if (isPooled) return cannot("a pooler stands before the database", "数据库前有连接池");
  if (await isDistributed(client, schema)) return cannot("the tables are distributed by Citus", "数据表由 Citus 分布");
  const [program, version] = [await findProgram("pg_dump"), await versionOf(client)];
  if (program === undefined) return cannot("pg_dump is not installed", "未安装 pg_dump");
  const reason = reasonNotToDump(program, version);
  if (reason !== undefined) return { reason };
  const connection = toLibpq(url, program.major);
  if (connection !== undefined) return { by: program.name, version, connection };
  return cannot(`${program.name} cannot use the TLS settings of DATABASE_URL`, `${program.name} 不支持 TLS 设置`);
}

/** Lets `pg_dump` read the snapshot of this connection, in which the rows are counted as well. */
export const dump = (
  url: string,
  _options: DumpOptions,
  work: (dump: Dump) => Promise<void>,
): Promise<CannotDump | undefined> =>
  withConnection(url, async (client, route) => {
    const plan = await planDump(url, client, route);
    if ("reason" in plan) return plan;
    const { by, version, connection } = plan;
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const { rows } = await client.query<{ snapshot: string }>("SELECT pg_export_snapshot() AS snapshot");
    const selection = [`--snapshot=${rows[0]?.snapshot}`, `--schema=${quoteName(route.schema)}`];
    const args = ["--format=custom", "--no-owner", "--no-privileges", ...selection, `--dbname=${connection.dbname}`];
    await work({
      by,
      version,
      schemaName: route.schema,
      holdings: await holdingsOf(client),
      parts: [
        {
          name: PART,
          isCompressed: true,
          read: async () => outputOf({ program: "pg_dump", args, env: connection.env }),
        },
      ],
    });
    await client.query("ROLLBACK");
    return undefined;
  });

/** How `pg_restore` is called. @throws UnusableDatabase when it cannot restore this archive into this database */
async function planRestore(url: string, client: Client, { by }: RestorableDump): Promise<LibpqConnection> {
  const program = await findProgram("pg_restore");
  const reason = reasonNotToRestore(program, { archive: majorOf(by), server: majorOf(await versionOf(client)) });
  if (reason !== undefined) throw new UnusableDatabase(`${reason.en} ${reason.zh}`);
  const connection = program && toLibpq(url, program.major);
  if (connection !== undefined) return connection;
  throw new UnusableDatabase(
    `${program?.name} cannot use the TLS settings of DATABASE_URL: name the file of the trusted authorities by sslrootcert, and remove sslidentity, sslpassword and sslnegotiation. ${program?.name} 不支持 DATABASE_URL 的 TLS 设置：请用 sslrootcert 指定 CA 文件，并去掉 sslidentity、sslpassword 和 sslnegotiation。`,
  );
}

/** Restores in one transaction: of a restore that fails or is killed, nothing stays. */
export const restore = (url: string, dumped: RestorableDump): Promise<Holdings> =>
  withConnection(url, async (client, { schema, isPooled }) => {
    const { schemaName, parts } = dumped;
    if (isPooled) {
      throw new UnusableDatabase(
        "DATABASE_URL leads to a pooler, which pg_restore cannot use: set it to the address of the PostgreSQL server itself, for the restore alone. DATABASE_URL 指向连接池，恢复时请改为 PostgreSQL 服务器本身的地址。",
      );
    }
    if (schemaName !== schema) {
      throw new UnusableDatabase(
        `The dump has its tables in the schema ${schemaName}, and DATABASE_URL leads to the schema ${schema}: add ?schema=${schemaName}. 备份中的数据表位于 schema ${schemaName}，请在 DATABASE_URL 中加 ?schema=${schemaName}。`,
      );
    }
    const connection = await planRestore(url, client, dumped);
    if ((await schemaOf(client, schema).read()).present > 0) throw notEmpty();
    await prepareSchemaForTables(client, schema);
    const transaction = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"];
    const args = [...transaction, `--schema=${schema}`, `--dbname=${connection.dbname}`];
    for await (const { name, content } of parts) {
      if (name !== PART) throw new UnusableDatabase(`The dump has an unknown file ${name}. 备份中有未知的文件。`);
      await feedProgram({ program: "pg_restore", args, env: connection.env }, content);
    }
    return holdingsOf(client);
  });

const notEmpty = () =>
  new UnusableDatabase(
    "The database has tables of Jifen: set DATABASE_URL to an empty database. 数据库中已有 Jifen 的数据表，请使用空数据库。",
  );
