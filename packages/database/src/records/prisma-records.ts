import { randomUUID } from "node:crypto";
import { afterConnectionLoss, isDeadlock, isUniqueViolation } from "../errors/failure.ts";
import { retryingDeadlocks } from "../errors/retry.ts";
import type { Prisma, PrismaTransaction } from "../stores/prisma.ts";
import {
  type AnyFilter,
  type AnyOperations,
  type AnyRecord,
  type AnyRecords,
  type AnyTransaction,
  completed,
  filtersAfter,
  isRange,
  typedRecords,
} from "./any-records.ts";
import type { PrefixCondition } from "./prefix.ts";
import { DuplicateKey, type Records, Rollback } from "./records.ts";
import type { Table } from "./table.ts";
import { tableOf } from "./table-of.ts";

/** What is used of Prisma's client for one model. */
type Delegate = {
  findUnique(query: object): Promise<AnyRecord | null>;
  findFirst(query: object): Promise<AnyRecord | null>;
  findMany(query: object): Promise<AnyRecord[]>;
  count(query: object): Promise<number>;
  aggregate(query: object): Promise<{ readonly _sum: AnyRecord }>;
  createMany(query: object): Promise<unknown>;
  upsert(query: object): Promise<unknown>;
  updateMany(query: object): Promise<{ readonly count: number }>;
  deleteMany(query: object): Promise<{ readonly count: number }>;
};

const delegateOf = (prisma: PrismaTransaction, { model }: Table): Delegate =>
  (prisma as unknown as Record<string, Delegate>)[model] as Delegate;

/** A filter as Prisma takes it: it leaves out conditions that are undefined, as filters do. */
type ToWhere = (filter: AnyFilter) => AnyRecord;

function createToWhere(toPrefixCondition: PrefixCondition): ToWhere {
  const toCondition = (condition: unknown): unknown => {
    if (!isRange(condition)) return condition;
    const { prefix, ...range } = condition;
    return typeof prefix === "string" ? { ...range, ...toPrefixCondition(prefix) } : range;
  };
  const toWhere: ToWhere = ({ or, ...conditions }) => {
    const where = Object.entries(conditions).map(([field, condition]) => [field, toCondition(condition)]);
    return { ...Object.fromEntries(where), ...(or && { OR: or.map(toWhere) }) };
  };
  return toWhere;
}

const keyOf = ({ key }: Table, record: AnyRecord): AnyRecord =>
  Object.fromEntries(key.map((field) => [field, record[field]]));

/** A primary key as Prisma names it: its field, or both of its fields joined by `_`. */
function toUniqueWhere(table: Table, record: AnyRecord): AnyRecord {
  const fields = table.key;
  return fields.length === 1 ? keyOf(table, record) : { [fields.join("_")]: keyOf(table, record) };
}

/** Prisma returns 64-bit integers as bigint. */
const toRecord = (row: AnyRecord): AnyRecord =>
  Object.fromEntries(
    Object.entries(row).map(([field, value]) => [field, typeof value === "bigint" ? Number(value) : value]),
  );

const throwDuplicateKey = (error: unknown): never => {
  throw isUniqueViolation(error) ? new DuplicateKey("the row exists already", { cause: error }) : error;
};

/** Runs a statement that only reads, or one that writes. */
type Run = <Result>(statement: () => Promise<Result>) => Promise<Result>;

/** How statements run, and how their filters are written. */
type Execution = { readonly read: Run; readonly write: Run; readonly toWhere: ToWhere };

const operationsOn = (prisma: PrismaTransaction, { read, write, toWhere }: Execution): AnyOperations => ({
  get: async (name, key) => {
    const table = tableOf(name);
    const row = await read(() => delegateOf(prisma, table).findUnique({ where: toUniqueWhere(table, key) }));
    return row ? toRecord(row) : undefined;
  },

  list: async (name, query) => {
    const { where = {}, by, direction = "asc", limit } = query;
    const or = filtersAfter(query);
    const rows = await read(() =>
      delegateOf(prisma, tableOf(name)).findMany({
        where: or ? { AND: [toWhere(where), toWhere({ or })] } : toWhere(where),
        // Without an order, Prisma splits a list of many values into several statements.
        orderBy: by?.map((field) => ({ [field]: direction })),
        take: limit,
      }),
    );
    return rows.map(toRecord);
  },

  count: (name, where, limit) =>
    read(() => delegateOf(prisma, tableOf(name)).count({ where: toWhere(where), take: limit })),

  sum: async (name, field, { where = {} }) => {
    const query = { where: toWhere(where), _sum: { [field]: true } };
    const { _sum } = await read(() => delegateOf(prisma, tableOf(name)).aggregate(query));
    return Number(_sum[field] ?? 0);
  },

  insert: async (name, ...records) => {
    if (records.length === 0) return;
    await write(() => delegateOf(prisma, tableOf(name)).createMany({ data: records })).catch(throwDuplicateKey);
  },

  update: async (name, where, { set, add = {} }) => {
    const added = Object.entries(add).map(([field, value]) => [field, { increment: value }]);
    const data = { ...set, ...Object.fromEntries(added) };
    return (await write(() => delegateOf(prisma, tableOf(name)).updateMany({ where: toWhere(where), data }))).count;
  },

  delete: async (name, where) =>
    (await write(() => delegateOf(prisma, tableOf(name)).deleteMany({ where: toWhere(where) }))).count,
});

/** The connection of a transaction is translated where the transaction ends. */
const asItIs: Run = (statement) => statement();
const reading: Run = (statement) => statement().catch(afterConnectionLoss("nothing written"));
const writing: Run = (statement) => statement().catch(afterConnectionLoss("may be written"));

function transactionOn(prisma: PrismaTransaction, toWhere: ToWhere): AnyTransaction {
  const operations = operationsOn(prisma, { read: asItIs, write: asItIs, toWhere });
  // A lock is a change that changes something: Galera and group replication do not see any other.
  const lock: AnyTransaction["lock"] = async (name, key, where = {}) =>
    (await operations.update(name, { ...where, ...key }, { set: { lastLock: randomUUID() } })) === 1;
  return { ...operations, lock };
}

/** A row that exists keeps its key: a distributed table refuses to set the column by which it is distributed. */
const withoutKey = ({ key }: Table, record: AnyRecord): AnyRecord =>
  Object.fromEntries(Object.entries(record).filter(([field]) => !key.includes(field)));

/** Rows through Prisma, on any SQL database. */
export function createPrismaRecords(prisma: Prisma, toPrefixCondition: PrefixCondition): Records {
  const toWhere = createToWhere(toPrefixCondition);
  const operations = operationsOn(prisma, { read: reading, write: writing, toWhere });
  const records: AnyRecords = {
    ...operations,

    insertOnce: async (name, record, by = tableOf(name).key) => {
      try {
        await operations.insert(name, record);
        return completed(tableOf(name), record);
      } catch (error) {
        if (!(error instanceof DuplicateKey)) throw error;
        const where = Object.fromEntries(by.map((field) => [field, record[field] ?? null]));
        if (Object.values(where).includes(null)) throw error;
        const stored = await reading(() => delegateOf(prisma, tableOf(name)).findFirst({ where }));
        if (!stored) throw error;
        return toRecord(stored);
      }
    },

    put: async (name, record) => {
      const table = tableOf(name);
      const put = () =>
        delegateOf(prisma, table).upsert({
          where: toUniqueWhere(table, record),
          create: record,
          update: withoutKey(table, completed(table, record)),
        });
      // Where an upsert is a read and then a write, two can find nothing and both insert: one of them tries again.
      await writing(() => retryingDeadlocks(put, (error) => isDeadlock(error) || isUniqueViolation(error)));
    },

    deleteInSteps: async (name, where, step) => {
      for (;;) {
        const some = { where: toWhere(where), limit: step };
        const { count } = await writing(() => delegateOf(prisma, tableOf(name)).deleteMany(some));
        if (count < step) return;
      }
    },

    transaction: async (work) => {
      const attempt = () =>
        prisma.$transaction(async (tx) => {
          const outcome = await work(transactionOn(tx, toWhere));
          if (!outcome.ok) throw new Rollback(outcome);
          return outcome;
        });
      try {
        return await retryingDeadlocks(attempt);
      } catch (error) {
        return error instanceof Rollback ? error.outcome : afterConnectionLoss("may be written")(error);
      }
    },
  };
  return typedRecords(records);
}
