import { isMongodb } from "../scratch.ts";
import type { RawDatabase } from "./raw-database.ts";
import { openRawMongodbDatabase } from "./raw-mongodb-database.ts";
import { openRawSqlDatabase } from "./raw-sql-database.ts";

/** Opens one connection to the database behind `url`. */
export const openRawDatabase = (url: string): Promise<RawDatabase> =>
  isMongodb(url) ? openRawMongodbDatabase(url) : openRawSqlDatabase(url);
