import type { Document } from "mongodb";
import { everyRequiredRight, type Right } from "../../schema/required-rights.ts";
import { type MongoConnection, queryLimits } from "./pool.ts";

/** The actions of MongoDB by the words of SQL. */
const actions: Readonly<Record<Right, string>> = {
  SELECT: "find",
  INSERT: "insert",
  UPDATE: "update",
  DELETE: "remove",
};

/** The rights that the user lacks. A server without access control has no user, and refuses nothing. */
export const createMongodbMissingRights = (connection: MongoConnection) => async (): Promise<readonly string[]> => {
  const status = { connectionStatus: 1, showPrivileges: true, ...queryLimits };
  const { authInfo } = await connection.reading(() => connection.db.command(status));
  if (authInfo.authenticatedUsers.length === 0) return [];
  const allows = (table: string, action: string) =>
    authInfo.authenticatedUserPrivileges.some(
      ({ resource, actions: allowed }: Document) =>
        allowed.includes(action) && covers(resource, connection.db.databaseName, table),
    );
  return everyRequiredRight
    .filter(({ table, right }) => !allows(table.name, actions[right]))
    .map(({ table, right }) => `${actions[right]} on ${table.name}`);
};

/** An empty name stands for all of them (https://www.mongodb.com/docs/manual/reference/resource-document/). */
const covers = (resource: Document, database: string, collection: string): boolean =>
  resource["anyResource"] === true ||
  (["", database].includes(resource["db"]) && ["", collection].includes(resource["collection"]));
