import { randomBytes } from "node:crypto";
import { type Db, MongoClient } from "mongodb";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the MongoDB for the tests: the one that TEST_MONGODB_URL names. There is none to be started for a run, so where none
 * is named, every test on it is skipped, and the run says so.
 * @returns the empty text when there is none.
 * @throws Error when the one that was named does not answer, or REQUIRE_DATABASES names mongodb and there is none.
 */
export async function findMongodb(env: Environment): Promise<string> {
  const named = env["TEST_MONGODB_URL"];
  if (!named) {
    const says = "TEST_MONGODB_URL names no MongoDB";
    if ((env["REQUIRE_DATABASES"] ?? "").split(",").includes("mongodb")) throw new Error(says);
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

/** A new database on the server of this run. */
export async function freshMongodb(serverUrl: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `jifen_test_${randomBytes(8).toString("hex")}`;
  const url = withDatabase(serverUrl, name);
  return { url, drop: () => onMongodb(url, async (db) => void (await db.dropDatabase())) };
}

/** Several hosts may stand in the URL, so it is not one that URL could take apart. */
const withDatabase = (url: string, name: string) =>
  url.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`);

/** The same database by its primary alone, so that a wire in between stays in between: a replica set tells its own addresses. */
export const directlyTo = (url: string): Promise<string> =>
  onMongodb(url, async (db) => {
    const { primary } = await db.command({ hello: 1 });
    const [, scheme, credentials = ""] = /^(mongodb(?:\+srv)?:\/\/)([^/?]*@)?/.exec(url) ?? [];
    const source = /[?&](authSource=[^&]*)/.exec(url)?.[1];
    const options = ["directConnection=true", ...(source ? [source] : [])].join("&");
    return `${scheme}${credentials}${primary}/${db.databaseName}?${options}`;
  });

/** Works on the database that `url` names, past all of our own code. */
export async function onMongodb<Result>(url: string, work: (db: Db) => Promise<Result>): Promise<Result> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await work(client.db());
  } finally {
    await client.close();
  }
}
