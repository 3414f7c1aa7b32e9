import { invariant } from "@jifen/core";
import type { Decision, LedgerStore, ReadSet, Snapshot, WriteSet } from "@jifen/ledger";
import { Semaphore } from "async-mutex";
import type { ClientSession, Document } from "mongodb";
import { grantChange, holdChange } from "../../ledger/columns.ts";
import { extraStatements } from "../../ledger/extra-statements.ts";
import { isEmptyWriteSet } from "../../ledger/snapshot-draft.ts";
import { accountDocument, entryDocument, grantDocument, holdDocument, stored } from "./documents.ts";
import { writeExtra } from "./extra-writes.ts";
import { isUniqueViolation } from "./failure.ts";
import { findExpired, readAccounts, readSnapshot } from "./ledger-reads.ts";
import type { MongoConnection } from "./pool.ts";
import { withSnapshot } from "./snapshot.ts";
import { retryWriteConflicts, WriteConflict } from "./transaction.ts";

/** How many unique violations of the ledger's own rows are retried. */
const MAX_UNIQUE_VIOLATIONS = 5;

/**
 * The ledger on MongoDB. Reads the read set from one snapshot in one round trip, outside a transaction. Writes in a
 * transaction, on the condition that each account still has the sequence number that was read. So a transaction is open for
 * a short time only: while it is open, others that write the same accounts fail with a write conflict and retry.
 * @param concurrency how many commits run concurrently
 */
export function createMongodbLedgerStore(connection: MongoConnection, concurrency: number): LedgerStore {
  const semaphore = new Semaphore(concurrency);
  return {
    commit: (readSet, decide) => semaphore.runExclusive(() => commit(connection, readSet, decide)),
    readAccounts: (ids) => withSnapshot(connection, (snapshot) => readAccounts(connection, snapshot, ids)),
    findExpiredAccounts: (limit) => connection.reading(() => findExpired(connection, limit)),
  };
}

function commit<Result>(
  connection: MongoConnection,
  readSet: ReadSet,
  decide: (snapshot: Snapshot) => Decision<Result>,
): Promise<Result> {
  let uniqueViolations = 0;
  return retryWriteConflicts(connection, async (transact) => {
    const snapshot = await withSnapshot(connection, (session) => readSnapshot(connection, session, readSet));
    const { writeSet, result } = decide(snapshot);
    if (isEmptyWriteSet(writeSet)) return result;
    const writes = writesOf(writeSet, snapshot);
    const extra = extraStatements(writeSet);
    try {
      await transact(async (session) => {
        await write(connection, session, writes);
        // After the accounts: a conflict of an extra write is only reported for a decision on current accounts.
        await writeExtra(connection, session, extra);
      });
    } catch (error) {
      // Two processes opened one account or used one key concurrently: the next attempt finds the row.
      uniqueViolations += isUniqueViolation(error) ? 1 : 0;
      if (isUniqueViolation(error) && uniqueViolations < MAX_UNIQUE_VIOLATIONS)
        throw new WriteConflict("another process inserted the row", { cause: error });
      throw error;
    }
    return result;
  });
}

/** One command: documents to insert into a collection, or to update in it. */
type Write =
  | { readonly collection: string; readonly add: Document[] }
  | {
      readonly collection: string;
      readonly change: readonly { readonly where: Document; readonly set: Document }[];
      /** The error when a document is not found. */
      readonly orElse: () => Error;
    };

const missing = (what: string) => () => new Error(`${what} does not exist: it was deleted outside the ledger`);

/** Accounts come first: after a write conflict on one of them, nothing else is sent. */
function writesOf(writeSet: WriteSet, { accounts }: Snapshot): readonly Write[] {
  const all: readonly Write[] = [
    { collection: "accounts", add: writeSet.accountsOpened.map(accountDocument) },
    {
      collection: "accounts",
      change: writeSet.accountsChanged.map((row) => {
        const before = accounts.get(row.id)?.account;
        invariant(before !== undefined, `the account ${row.id} is changed and was not read`);
        const { _id, ...set } = accountDocument(row);
        return { where: { _id, sequence: stored(before.sequence) }, set };
      }),
      orElse: () => new WriteConflict("an account has changed since it was read"),
    },
    { collection: "grants", add: writeSet.grantsAdded.map(grantDocument) },
    {
      collection: "grants",
      change: writeSet.grantsChanged.map(grantDocument).map(onlyWhatChanges(grantChange)),
      orElse: missing("a grant"),
    },
    { collection: "holds", add: writeSet.holdsAdded.map(holdDocument) },
    {
      collection: "holds",
      change: writeSet.holdsChanged.map(holdDocument).map(onlyWhatChanges(holdChange)),
      orElse: missing("a hold"),
    },
    { collection: "transactions", add: writeSet.entries.map(entryDocument) },
  ];
  return all.filter((each) => ("add" in each ? each.add : each.change).length > 0);
}

/** The first two columns of a change are the key. */
const onlyWhatChanges = ({ names }: { readonly names: string }) => {
  const changing = names.split(", ").slice(2);
  return ({ _id, ...row }: Document) => ({
    where: { _id },
    set: Object.fromEntries(changing.map((name) => [name, row[name]])),
  });
};

async function write(connection: MongoConnection, session: ClientSession, writes: readonly Write[]): Promise<void> {
  for (const each of writes) {
    const collection = connection.collection(each.collection);
    if ("add" in each) await collection.insertMany(each.add, { session });
    else {
      const updates = each.change.map(({ where, set }) => ({ updateOne: { filter: where, update: { $set: set } } }));
      const { matchedCount } = await collection.bulkWrite(updates, { session });
      if (matchedCount !== updates.length) throw each.orElse();
    }
  }
}
