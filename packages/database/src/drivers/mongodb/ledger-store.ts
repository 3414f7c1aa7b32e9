import { invariant } from "@jifen/core";
import type { Decision, LedgerStore, ReadSet, Snapshot, WriteSet } from "@jifen/ledger";
import { Semaphore } from "async-mutex";
import type { ClientSession, Document } from "mongodb";
import { grantChange, holdChange } from "../../ledger/columns.ts";
import { isEmptyWriteSet } from "../../ledger/snapshot-draft.ts";
import { accountDocument, entryDocument, grantDocument, holdDocument, stored } from "./documents.ts";
import { isUniqueViolation } from "./failure.ts";
import { findDue, readAccounts, readSnapshot } from "./ledger-reads.ts";
import type { MongoConnection } from "./pool.ts";
import { withSnapshot } from "./snapshot.ts";
import { retryWriteConflicts, WriteConflict } from "./transaction.ts";

/** Of rows that exist already, how often others may have written them first before the error is told. */
const MAX_CLASHES = 5;

/**
 * The ledger on MongoDB. What a decision needs is read in one flight, as of one moment, and without a transaction; what it
 * writes goes into one, on the condition that each account still has the number that was read. So a transaction is open for
 * as short as it can be: nobody waits for an open one, everybody else is told to begin again.
 * @param lanes how many commits run at once
 */
export function createMongodbLedgerStore(connection: MongoConnection, lanes: number): LedgerStore {
  const turns = new Semaphore(lanes);
  return {
    commit: (readSet, decide) => turns.runExclusive(() => commit(connection, readSet, decide)),
    readAccounts: (ids) => withSnapshot(connection, (moment) => readAccounts(connection, moment, ids)),
    findExpiredAccounts: (limit) => connection.reading(() => findDue(connection, limit)),
  };
}

function commit<Result>(
  connection: MongoConnection,
  readSet: ReadSet,
  decide: (snapshot: Snapshot) => Decision<Result>,
): Promise<Result> {
  let clashes = 0;
  return retryWriteConflicts(connection, async (transact) => {
    const snapshot = await withSnapshot(connection, (moment) => readSnapshot(connection, moment, readSet));
    const { writeSet, result } = decide(snapshot);
    if (isEmptyWriteSet(writeSet)) return result;
    const writes = writesOf(writeSet, snapshot);
    try {
      await transact((session) => write(connection, session, writes));
    } catch (error) {
      // Two processes may open one account at the same time; the one that comes second then finds it open.
      clashes += isUniqueViolation(error) ? 1 : 0;
      if (isUniqueViolation(error) && clashes < MAX_CLASHES)
        throw new WriteConflict("the row is there", { cause: error });
      throw error;
    }
    return result;
  });
}

/** One statement: rows to add to a collection, or to change in it. */
type Write =
  | { readonly collection: string; readonly add: Document[] }
  | {
      readonly collection: string;
      readonly change: readonly { readonly where: Document; readonly set: Document }[];
      /** What it means when a row is not found. */
      readonly orElse: () => Error;
    };

const isGone = (what: string) => () => new Error(`${what} is gone: somebody took it away behind the ledger's back`);

/** Accounts come first: when one of them was changed by somebody else, nothing more is tried. */
function writesOf(writeSet: WriteSet, { accounts }: Snapshot): readonly Write[] {
  const all: readonly Write[] = [
    { collection: "accounts", add: writeSet.accountsOpened.map(accountDocument) },
    {
      collection: "accounts",
      change: writeSet.accountsChanged.map((row) => {
        const before = accounts.get(row.id)?.account;
        invariant(before !== undefined, `account ${row.id} is changed and was never opened`);
        const { _id, ...set } = accountDocument(row);
        return { where: { _id, sequence: stored(before.sequence) }, set };
      }),
      orElse: () => new WriteConflict("an account is not as it was read"),
    },
    { collection: "grants", add: writeSet.grantsAdded.map(grantDocument) },
    {
      collection: "grants",
      change: writeSet.grantsChanged.map(grantDocument).map(onlyWhatChanges(grantChange)),
      orElse: isGone("a grant"),
    },
    { collection: "holds", add: writeSet.holdsAdded.map(holdDocument) },
    {
      collection: "holds",
      change: writeSet.holdsChanged.map(holdDocument).map(onlyWhatChanges(holdChange)),
      orElse: isGone("a hold"),
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
