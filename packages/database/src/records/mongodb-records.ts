import type { ClientSession, Document } from "mongodb";
import { isUniqueViolation } from "../drivers/mongodb/failure.ts";
import { acquireLock } from "../drivers/mongodb/lock-documents.ts";
import { type MongoConnection, queryLimits } from "../drivers/mongodb/pool.ts";
import { retryWriteConflicts } from "../drivers/mongodb/transaction.ts";
import {
  type AnyOperations,
  type AnyQuery,
  type AnyRecord,
  type AnyRecords,
  type AnyTransaction,
  completed,
  filtersAfter,
  typedRecords,
} from "./any-records.ts";
import {
  allOf,
  isWithinId,
  pathOf,
  toColumns,
  toDocument,
  toMongoFilter,
  toRecord,
  withinId,
} from "./document-codec.ts";
import { DuplicateKey, type Records, Rollback, type TableName } from "./records.ts";
import type { Table } from "./table.ts";
import { tableOf } from "./table-of.ts";

const throwDuplicateKey = (error: unknown): never => {
  throw isUniqueViolation(error) ? new DuplicateKey("the document exists already", { cause: error }) : error;
};

/** A page as `find` takes it: its filter and its order. */
function toFind(table: Table, query: AnyQuery): { readonly filter: Document; readonly sort: Record<string, 1 | -1> } {
  const { where = {}, by = [], direction = "asc" } = query;
  const order = direction === "asc" ? 1 : -1;
  const or = filtersAfter(query)?.map((each) => toMongoFilter(table, each));
  const isOrderedById = isWithinId(table, where, by);
  const all = [
    toMongoFilter(table, where),
    ...(or ? [{ $or: or }] : []),
    ...(isOrderedById ? [withinId(table, where)] : []),
  ];
  const sort = isOrderedById ? { _id: order } : Object.fromEntries(by.map((field) => [pathOf(table, field), order]));
  return { filter: allOf(all), sort: sort as Record<string, 1 | -1> };
}

/** Runs a statement that only reads, or one that writes. */
type Run = <Result>(statement: () => Promise<Result>) => Promise<Result>;

/** How statements run: in a session, or by themselves. */
type Execution = { readonly read: Run; readonly write: Run; readonly session?: ClientSession };

/** The operations that read. */
function readsOn(
  connection: MongoConnection,
  { read, session }: Execution,
): Pick<AnyOperations, "get" | "list" | "count" | "sum"> {
  const options = session ? { session } : queryLimits;
  return {
    get: async (name, key) => {
      const table = tableOf(name);
      const found = await read(() => connection.collection(name).findOne(toMongoFilter(table, key), options));
      return found ? toRecord(table, found) : undefined;
    },

    list: async (name, query) => {
      const table = tableOf(name);
      const { filter, sort } = toFind(table, query);
      const hint = query.index === undefined ? {} : { hint: query.index };
      const found = await read(() =>
        connection
          .collection(name)
          .find(filter, { ...options, ...hint })
          .sort(sort)
          .limit(query.limit ?? 0)
          .toArray(),
      );
      return found.map((document) => toRecord(table, document));
    },

    sum: async (name, field, { where = {}, index }) => {
      const table = tableOf(name);
      const stages = [
        { $match: toMongoFilter(table, where) },
        { $group: { _id: null, sum: { $sum: `$${pathOf(table, field)}` } } },
      ];
      const hint = index === undefined ? {} : { hint: index };
      const [found] = await read(() =>
        connection
          .collection(name)
          .aggregate(stages, { ...options, ...hint })
          .toArray(),
      );
      return Number(found?.["sum"] ?? 0);
    },

    count: (name, where, limit) =>
      read(() =>
        connection.collection(name).countDocuments(toMongoFilter(tableOf(name), where), { ...options, limit }),
      ),
  };
}

/** The operations that write. */
function writesOn(
  connection: MongoConnection,
  { write, session }: Execution,
): Pick<AnyOperations, "insert" | "update" | "delete"> {
  const options = session ? { session } : {};
  return {
    insert: async (name, ...records) => {
      if (records.length === 0) return;
      const documents = records.map((record) => toDocument(tableOf(name), record));
      const collection = connection.collection(name);
      const [first] = documents;
      const insert = async () =>
        documents.length === 1 && first
          ? await collection.insertOne(first, options)
          : await collection.insertMany(documents, options);
      await write(insert).catch(throwDuplicateKey);
    },

    update: async (name, where, { set = {}, add = {} }) => {
      const table = tableOf(name);
      const fields = { $set: toColumns(table, set), $inc: toColumns(table, add) };
      const update = Object.fromEntries(Object.entries(fields).filter(([, each]) => Object.keys(each).length > 0));
      const done = await write(() =>
        connection.collection(name).updateMany(toMongoFilter(table, where), update, options),
      );
      return done.matchedCount;
    },

    delete: async (name, where) => {
      const filter = toMongoFilter(tableOf(name), where);
      return (await write(() => connection.collection(name).deleteMany(filter, options))).deletedCount;
    },
  };
}

const operationsOn = (connection: MongoConnection, execution: Execution): AnyOperations => ({
  ...readsOn(connection, execution),
  ...writesOn(connection, execution),
});

/** The connection of a transaction is translated where the transaction ends. */
const asItIs: Run = (statement) => statement();

function transactionOn(connection: MongoConnection, session: ClientSession): AnyTransaction {
  const operations = operationsOn(connection, { read: asItIs, write: asItIs, session });
  const lock: AnyTransaction["lock"] = async (name, key, where = {}) => {
    // An update that changes nothing conflicts with nothing on MongoDB, so each row to lock has a document that changes.
    const id = tableOf(name).key.map((field) => key[field]);
    await acquireLock(connection, session, [name, ...id].join(" "));
    return (await operations.count(name, { ...where, ...key }, 1)) === 1;
  };
  return { ...operations, lock };
}

async function insertOnce(
  connection: MongoConnection,
  name: TableName,
  { record, by }: { readonly record: AnyRecord; readonly by: readonly string[] },
): Promise<AnyRecord> {
  const table = tableOf(name);
  const found = Object.fromEntries(by.map((field) => [field, record[field] ?? null]));
  const { _id, ...fields } = toDocument(table, record);
  const filter = toMongoFilter(table, found);
  const inFilter = new Set(Object.keys(filter));
  const rest = Object.fromEntries(Object.entries({ _id, ...fields }).filter(([path]) => !inFilter.has(path)));
  // The answer comes when the document is safe, whichever process inserted it.
  const stored = await connection.writing(() =>
    connection
      .collection(name)
      .findOneAndUpdate(filter, { $setOnInsert: rest }, { upsert: true, returnDocument: "after" }),
  );
  if (!stored) throw new Error("a document was written and not returned");
  return toRecord(table, stored);
}

/** Rows as documents, on MongoDB. */
export function createMongodbRecords(connection: MongoConnection): Records {
  const operations = operationsOn(connection, { read: connection.reading, write: connection.writing });
  const records: AnyRecords = {
    ...operations,

    insertOnce: async (name, record, by = tableOf(name).key) => {
      if (by.every((field) => (record[field] ?? null) !== null)) return insertOnce(connection, name, { record, by });
      await operations.insert(name, record);
      return completed(tableOf(name), record);
    },

    put: async (name, record) => {
      const { _id, ...fields } = toDocument(tableOf(name), record);
      await connection.writing(() => connection.collection(name).replaceOne({ _id }, fields, { upsert: true }));
    },

    deleteInSteps: async (name, where, step) => {
      const collection = connection.collection(name);
      const filter = toMongoFilter(tableOf(name), where);
      for (;;) {
        const some = await connection.reading(() =>
          collection
            .find(filter, { ...queryLimits, projection: { _id: 1 } })
            .limit(step)
            .toArray(),
        );
        const ids = some.map(({ _id }) => _id);
        if (ids.length > 0)
          await connection.writing(() => collection.deleteMany(allOf([{ _id: { $in: ids } }, filter])));
        if (ids.length < step) return;
      }
    },

    transaction: async (work) => {
      try {
        return await retryWriteConflicts(connection, (transact) =>
          transact(async (session) => {
            const outcome = await work(transactionOn(connection, session));
            if (!outcome.ok) throw new Rollback(outcome);
            return outcome;
          }),
        );
      } catch (error) {
        if (error instanceof Rollback) return error.outcome;
        throw error;
      }
    },
  };
  return typedRecords(records);
}
