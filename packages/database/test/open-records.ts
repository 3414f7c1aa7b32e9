import { PrismaMariaDb } from "@prisma/adapter-mariadb";
import { PrismaPg } from "@prisma/adapter-pg";
import type mariadb from "mariadb";
import { createMongoConnection } from "../src/drivers/mongodb/pool.ts";
import { connectionOptions } from "../src/drivers/mysql/options.ts";
import { Pool } from "../src/drivers/mysql/pool.ts";
import { createPool, findRoute } from "../src/drivers/postgresql/pool.ts";
import { FileAccess } from "../src/drivers/sqlite/file-access.ts";
import { SerializedAdapterFactory } from "../src/drivers/sqlite/serialized-adapter.ts";
import { PrismaClient as MysqlClient } from "../src/generated/mysql/client.ts";
import { PrismaClient as PostgresqlClient } from "../src/generated/postgresql/client.ts";
import { PrismaClient as SqliteClient } from "../src/generated/sqlite/client.ts";
import { createMongodbRecords } from "../src/records/mongodb-records.ts";
import { prefixPattern, prefixRange } from "../src/records/prefix.ts";
import { createPrismaRecords } from "../src/records/prisma-records.ts";
import type { Records } from "../src/records/records.ts";
import type { Prisma } from "../src/stores/prisma.ts";
import { parseDatabaseUrl } from "../src/url.ts";

type OpenRecords = { readonly records: Records; close(): Promise<unknown> };

function openSqlite(path: string): OpenRecords {
  const prisma = new SqliteClient({ adapter: new SerializedAdapterFactory(path, new FileAccess()) });
  return { records: createPrismaRecords(prisma, prefixRange), close: () => prisma.$disconnect() };
}

async function openPostgresql(url: string): Promise<OpenRecords> {
  const pool = createPool(await findRoute(url), { max: 8, use: "records" });
  const prisma = new PostgresqlClient({ adapter: new PrismaPg(pool) });
  const records = createPrismaRecords(prisma as unknown as Prisma, prefixPattern);
  return { records, close: () => prisma.$disconnect().then(() => pool.end()) };
}

function openMysql(url: string): OpenRecords {
  const pool = new Pool(connectionOptions(url), 8);
  const adapter = new PrismaMariaDb(pool as unknown as mariadb.Pool, { useTextProtocol: true });
  const prisma = new MysqlClient({ adapter });
  const records = createPrismaRecords(prisma as unknown as Prisma, prefixRange);
  return { records, close: () => prisma.$disconnect().then(() => pool.end()) };
}

async function openMongodb(url: string): Promise<OpenRecords> {
  const connection = createMongoConnection(url, 5_000);
  await connection.inFlight.connect();
  return { records: createMongodbRecords(connection), close: () => connection.inFlight.close() };
}

/** Opens the rows of a migrated database as the stores see them. */
export async function openRecords(databaseUrl: string): Promise<OpenRecords> {
  const { kind, location } = parseDatabaseUrl(databaseUrl);
  switch (kind) {
    case "sqlite":
      return openSqlite(location);
    case "postgresql":
      return openPostgresql(location);
    case "mysql":
      return openMysql(location);
    case "mongodb":
      return openMongodb(location);
    default:
      return kind satisfies never;
  }
}
