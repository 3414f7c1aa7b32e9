import { type Db, MongoClient } from "mongodb";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the MongoDB for the tests: the one that TEST_MONGODB_URL names. No MongoDB is started for a run: without the
 * variable, its tests are skipped, and the run says so.
 * @returns the empty text when there is none.
 * @throws Error when the named one does not answer, or when REQUIRE_DATABASES requires mongodb and there is none.
 */
export async function findMongodb(env: Environment): Promise<string> {
  const named = env["TEST_MONGODB_URL"];
  if (!named) {
    const says = "TEST_MONGODB_URL is not set";
    if ((env["REQUIRE_DATABASES"] ?? "").split(",").includes("mongodb"))
      throw new Error(`MongoDB is required: ${says}`);
    console.error(`\n!!! NO MONGODB: EVERY TEST ON IT IS SKIPPED. ${says}\n`);
    return "";
  }
  await onMongodb(named, async (db) => {
    const { version } = await db.command({ buildInfo: 1 });
    console.log(`Tests run on MongoDB ${version} (named by TEST_MONGODB_URL)`);
  }).catch((cause: Error) => {
    throw new Error(`The MongoDB that TEST_MONGODB_URL names does not answer: ${cause.message}`, { cause });
  });
  return named;
}

/** The same server with another database. A MongoDB URL can list several hosts, which the class URL cannot parse. */
export const withDatabase = (url: string, name: string) =>
  url.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`);

/** The URL of the primary alone. With other URLs the driver reads the members' addresses and would bypass a proxy. */
export const directUrl = (url: string): Promise<string> =>
  onMongodb(url, async (db) => {
    const { primary } = await db.command({ hello: 1 });
    const [, scheme, credentials = ""] = /^(mongodb(?:\+srv)?:\/\/)([^/?]*@)?/.exec(url) ?? [];
    const source = /[?&](authSource=[^&]*)/.exec(url)?.[1];
    const options = ["directConnection=true", ...(source ? [source] : [])].join("&");
    return `${scheme}${credentials}${primary}/${db.databaseName}?${options}`;
  });

/** Runs `work` on the database behind `url`, without the code under test. */
export async function onMongodb<Result>(url: string, work: (db: Db) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await work(client.db());
  } finally {
    await client.close();
  }
}
