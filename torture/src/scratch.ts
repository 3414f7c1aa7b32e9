import {
  createDatabase,
  createFile,
  type FreshDatabase,
  findMongodb,
  findMysql,
  findPostgresql,
} from "@jifen/testkit/processes";

/** What the ledger runs on. */
export const kinds = ["sqlite", "postgresql", "mysql", "mongodb"] as const;

/** One of them. */
export type Kind = (typeof kinds)[number];

/** Whether a URL leads to MySQL or MariaDB. */
export const isMysql = (url: string): boolean => /^(mysql|mariadb):/.test(url);

/** An empty database, which is dropped when it is disposed of. */
export type Scratch = AsyncDisposable & { readonly url: string };

const toScratch = ({ url, drop }: FreshDatabase): Scratch => ({ url, [Symbol.asyncDispose]: drop });

/** A file in a temporary folder. */
export const scratchFile = (): Scratch => toScratch(createFile());

/** Whether a URL leads to MongoDB. */
export const isMongodb = (url: string): boolean => url.startsWith("mongodb");

/** A new database on the server behind `serverUrl`. */
export const scratchDatabase = async (serverUrl: string): Promise<Scratch> =>
  toScratch(await createDatabase(serverUrl));

/** A new database on the server that the tests of this kind would use. */
export async function scratchOn(kind: Kind): Promise<Scratch> {
  switch (kind) {
    case "sqlite":
      return scratchFile();
    case "postgresql":
      return scratchDatabase((await findPostgresql(process.env)).url);
    case "mysql":
      return scratchDatabase((await findMysql(process.env)).url);
    case "mongodb":
      return scratchDatabase(await mongodbUrl());
    default:
      return kind satisfies never;
  }
}

/** @throws Error when TEST_MONGODB_URL names none */
const mongodbUrl = () => findMongodb({ ...process.env, REQUIRE_DATABASES: "mongodb" });
