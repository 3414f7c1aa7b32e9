import type { ClientSession, Document } from "mongodb";
import { insertInSteps } from "../../../logs/insert-in-steps.ts";
import type { LogBackend, LogTransaction } from "../../../logs/log-backend.ts";
import { timeOfId } from "../../../logs/months.ts";
import { isUniqueViolation } from "../failure.ts";
import { type MongoConnection, queryLimits } from "../pool.ts";
import { retryWriteConflicts, WriteConflict } from "../transaction.ts";
import { idOfKey, idOfLog, keyDocument, logDocument, logOf, upsertOf, withIds } from "./log-documents.ts";
import { scanLogsOn } from "./log-reads.ts";
import { createMongodbRemovals } from "./log-removals.ts";
import { readLogSums, readQuarterCalls, readSumsOfUsers } from "./log-sum-reads.ts";

/** Logs on MongoDB, without partitions: every time has a place. */
export function createMongodbLogBackend(connection: MongoConnection): LogBackend {
  const find = (collection: string, where: Document, hint: string): Promise<readonly Document[]> =>
    connection.reading(() =>
      connection
        .collection(collection)
        .find(where, { hint, ...queryLimits })
        .toArray(),
    );
  return {
    insert: (batch) => transact(connection, (tx) => insertInSteps(tx, batch)),
    findByKeys: async (keys) => {
      const stored = await find("log_keys", withIds(keys.map(idOfKey)), "_id_");
      const found = stored.map(({ _id, log_id }) => ({
        userId: _id.user_id,
        idempotencyKey: _id.idempotency_key,
        id: log_id,
      }));
      const logs = await find("call_logs", withIds(found.map(idOfLog)), "_id_");
      const byId = new Map(logs.map(logOf).map((log) => [`${log.userId} ${log.id}`, log]));
      return found.flatMap(({ userId, id, idempotencyKey }) => {
        const log = byId.get(`${userId} ${id}`);
        return log ? [{ ...log, idempotencyKey }] : [];
      });
    },
    find: async (id, userId) => {
      const [found] =
        userId === undefined
          ? await find("call_logs", { counted_at_ms: timeOfId(id), "_id.id": id }, "time")
          : await find("call_logs", { _id: idOfLog({ userId, id }), user_id: userId }, "_id_");
      return found && logOf(found);
    },
    scan: scanLogsOn(connection),
    quarterCalls: (userIds, fromQuarter) => readQuarterCalls(connection, userIds, fromQuarter),
    sums: (query) => readLogSums(connection, query),
    sumsOfUsers: (query) => readSumsOfUsers(connection, query),
    hasPlaceFor: async () => true,
    makePlacesFor: async () => undefined,
    ...createMongodbRemovals(connection),
  };
}

/** A backend on the connection of the moment: it is replaced when the server has stopped responding. */
export const onCurrent = (current: () => LogBackend): LogBackend => ({
  insert: (batch) => current().insert(batch),
  findByKeys: (keys) => current().findByKeys(keys),
  find: (id, userId) => current().find(id, userId),
  scan: (filter, limit, reading) => current().scan(filter, limit, reading),
  quarterCalls: (userIds, fromQuarter) => current().quarterCalls(userIds, fromQuarter),
  sums: (query) => current().sums(query),
  sumsOfUsers: (query) => current().sumsOfUsers(query),
  hasPlaceFor: (timeMs) => current().hasPlaceFor(timeMs),
  makePlacesFor: (timesMs) => current().makePlacesFor(timesMs),
  removesMonths: false,
  readMarks: () => current().readMarks(),
  moveMark: (name, toMs) => current().moveMark(name, toMs),
  removeLogs: (beforeMs) => current().removeLogs(beforeMs),
  removeDetails: (range) => current().removeDetails(range),
  listKeys: (after, limit) => current().listKeys(after, limit),
  removeKeys: (range) => current().removeKeys(range),
  storedKeys: (keys) => current().storedKeys(keys),
  releaseKeys: (keys) => current().releaseKeys(keys),
});

/**
 * A unique violation means that another process stored a key, a log or a row of sums first, or an earlier attempt of this one
 * whose commit was not answered: the next attempt finds it.
 */
function transact<Result>(connection: MongoConnection, work: (tx: LogTransaction) => Promise<Result>): Promise<Result> {
  let findsLogs = false;
  return retryWriteConflicts(connection, async (transactOnce) => {
    try {
      return await transactOnce((session) => work(transactionOn(connection, session, findsLogs)));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      findsLogs = true;
      throw new WriteConflict("another process inserted the document", { cause: error });
    }
  });
}

/** @param findsLogs whether some logs can be stored already: that is rare, so the first attempt does not look for them */
function transactionOn(connection: MongoConnection, session: ClientSession, findsLogs: boolean): LogTransaction {
  const insert = async (collection: string, documents: readonly Document[]) => {
    if (documents.length > 0) await connection.collection(collection).insertMany([...documents], { session });
  };
  const storedIds = (collection: string, ids: readonly Document[]): Promise<readonly Document[]> =>
    connection
      .collection(collection)
      .find(withIds(ids), { session, projection: { _id: 1 } })
      .map(({ _id }) => _id)
      .toArray();
  return {
    claimKeys: async (keys) => {
      const stored = await storedIds("log_keys", keys.map(idOfKey));
      const taken = new Set(stored.map(({ user_id, idempotency_key }) => `${user_id} ${idempotency_key}`));
      const free = keys.filter(({ userId, idempotencyKey }) => !taken.has(`${userId} ${idempotencyKey}`));
      await insert("log_keys", free.map(keyDocument));
      return new Set(free.map(({ logId }) => logId));
    },
    insertLogs: async (logs) => {
      const stored = findsLogs ? await storedIds("call_logs", logs.map(idOfLog)) : [];
      const ids = new Set(stored.map(({ id }) => id));
      const others = logs.filter(({ id }) => !ids.has(id));
      await insert("call_logs", others.map(logDocument));
      return new Set(others.map(({ id }) => id));
    },
    addSums: async ({ ofUsers, ofAll }) => {
      const [rollups, totals] = [connection.collection("log_rollups"), connection.collection("log_totals")];
      await rollups.bulkWrite(
        ofUsers.map((sum) => upsertOf("user_id", sum)),
        { session },
      );
      await totals.bulkWrite(
        ofAll.map((sum) => upsertOf("part", sum)),
        { session },
      );
    },
  };
}
