import { invariant } from "@jifen/core";
import type { Changes, Decision, LedgerStore, Needs, Snapshot } from "@jifen/ledger";
import { Semaphore } from "async-mutex";
import type { ClientSession, Document } from "mongodb";
import { grantChange, holdChange } from "../../ledger/columns.ts";
import { changesNothing } from "../../ledger/snapshot-draft.ts";
import type { Site } from "./connection.ts";
import { accountDocument, grantDocument, holdDocument, stored, transactionDocument } from "./documents.ts";
import { isUniqueViolation } from "./failure.ts";
import { findDue, readAccounts, readSnapshot } from "./ledger-reads.ts";
import { atOneMoment, attempting, Overtaken } from "./transaction.ts";

/** Of rows that exist already, how often others may have written them first before the error is told. */
const MAX_CLASHES = 5;

/**
 * The ledger on MongoDB. What a decision needs is read in one flight, as of one moment, and without a transaction; what it
 * writes goes into one, on the condition that each account still has the number that was read. So a transaction is open for
 * as short as it can be: nobody waits for an open one, everybody else is told to begin again.
 * @param lanes how many commits run at once
 */
export function createMongodbLedgerStore(site: Site, lanes: number): LedgerStore {
  const turns = new Semaphore(lanes);
  return {
    commit: (needs, decide) => turns.runExclusive(() => commit(site, needs, decide)),
    readAccounts: (ids) => atOneMoment(site, (moment) => readAccounts(site, moment, ids)),
    findDue: (limit) => site.reading(() => findDue(site, limit)),
  };
}

function commit<Result>(site: Site, needs: Needs, decide: (snapshot: Snapshot) => Decision<Result>): Promise<Result> {
  let clashes = 0;
  return attempting(site, async (transact) => {
    const snapshot = await atOneMoment(site, (moment) => readSnapshot(site, moment, needs));
    const { changes, result } = decide(snapshot);
    if (changesNothing(changes)) return result;
    const writes = writesOf(changes, snapshot);
    try {
      await transact((session) => write(site, session, writes));
    } catch (error) {
      // Two processes may open one account at the same time; the one that comes second then finds it open.
      clashes += isUniqueViolation(error) ? 1 : 0;
      if (isUniqueViolation(error) && clashes < MAX_CLASHES) throw new Overtaken("the row is there", { cause: error });
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
function writesOf(changes: Changes, { accounts }: Snapshot): readonly Write[] {
  const all: readonly Write[] = [
    { collection: "accounts", add: changes.accountsOpened.map(accountDocument) },
    {
      collection: "accounts",
      change: changes.accountsChanged.map((row) => {
        const before = accounts.get(row.id)?.account;
        invariant(before !== undefined, `account ${row.id} is changed and was never opened`);
        const { _id, ...set } = accountDocument(row);
        return { where: { _id, sequence: stored(before.sequence) }, set };
      }),
      orElse: () => new Overtaken("an account is not as it was read"),
    },
    { collection: "grants", add: changes.grantsAdded.map(grantDocument) },
    {
      collection: "grants",
      change: changes.grantsChanged.map(grantDocument).map(onlyWhatChanges(grantChange)),
      orElse: isGone("a grant"),
    },
    { collection: "holds", add: changes.holdsAdded.map(holdDocument) },
    {
      collection: "holds",
      change: changes.holdsChanged.map(holdDocument).map(onlyWhatChanges(holdChange)),
      orElse: isGone("a hold"),
    },
    { collection: "transactions", add: changes.transactions.map(transactionDocument) },
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

async function write(site: Site, session: ClientSession, writes: readonly Write[]): Promise<void> {
  for (const each of writes) {
    const collection = site.collection(each.collection);
    if ("add" in each) await collection.insertMany(each.add, { session });
    else {
      const updates = each.change.map(({ where, set }) => ({ updateOne: { filter: where, update: { $set: set } } }));
      const { matchedCount } = await collection.bulkWrite(updates, { session });
      if (matchedCount !== updates.length) throw each.orElse();
    }
  }
}
