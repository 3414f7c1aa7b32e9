import { createDatabase, eventually, onMongodb, onMysql, onPostgresql } from "../../packages/testkit/src/processes.ts";
import { isScripted, migrateAndRun } from "./after-migrations.ts";
import { type Arguments, shownUrl } from "./arguments.ts";

/** The two URLs do not lead to one database, or the second one cannot write. */
export class NotTheSameDatabase extends Error {
  override name = "NotTheSameDatabase";
}

type ServerKind = Exclude<Arguments["kind"], "sqlite">;

/** A table or a collection that is written at one address and read at the other. */
const MARKER = "jifen_verify_marker";

const writeMarker = (kind: ServerKind, url: string): Promise<unknown> => {
  const sql = `CREATE TABLE ${MARKER} (id integer PRIMARY KEY)`;
  if (kind === "mongodb") return onMongodb(url, (db) => db.createCollection(MARKER));
  return kind === "mysql" ? onMysql(url, (it) => it.query(sql)) : onPostgresql(url, (it) => it.query(sql));
};

/** Rejects while the marker is not visible. Removes it. */
const takeMarker = (kind: ServerKind, url: string): Promise<unknown> => {
  const sql = `DROP TABLE ${MARKER}`;
  if (kind === "mysql") return onMysql(url, (it) => it.query(sql));
  if (kind === "postgresql") return onPostgresql(url, (it) => it.query(sql));
  return onMongodb(url, async (db) => {
    const found = await db.listCollections({ name: MARKER }).toArray();
    if (found.length === 0) throw new Error(`the collection ${MARKER} is missing`);
    await db.dropCollection(MARKER);
  });
};

/**
 * Tries the second URL and the script on a temporary database, before hundreds of tests fail because of them.
 * @throws NotTheSameDatabase, ScriptFailed
 */
export async function tryOptions({ kind, url, secondUrl, afterMigrations }: Arguments): Promise<void> {
  if (kind === "sqlite" || (secondUrl === undefined && afterMigrations === undefined)) return;
  const asNotTheSame = (error: Error) => {
    if (secondUrl === undefined) throw error;
    const places = `${shownUrl(url)} and ${shownUrl(secondUrl)}`;
    throw new NotTheSameDatabase(
      `${places} do not lead to the same database, or the second cannot write. 两个地址不是同一数据库，或第二个地址不可写。\n  ${error.message}`,
      { cause: error },
    );
  };
  const scratch = await createDatabase(url, secondUrl).catch(asNotTheSame);
  try {
    if (secondUrl !== undefined) {
      const mark = async () => {
        await writeMarker(kind, scratch.secondUrl);
        await eventually(() => takeMarker(kind, scratch.url));
      };
      await mark().catch(asNotTheSame);
    }
    if (afterMigrations !== undefined && isScripted(kind)) await migrateAndRun(kind, scratch.url, afterMigrations);
  } finally {
    await scratch.drop();
  }
}
