import { type AccountId, accountId, idempotencyKey, invariant, type TransactionId } from "@jifen/core";
import { type AccountsRead, EXPIRATION_BATCH, type ReadSet, type Snapshot } from "@jifen/ledger";
import type { Document } from "mongodb";
import type { EntryRow, GrantRow, HoldRow } from "../../ledger/rows.ts";
import {
  distinctReads,
  type ExpirationRows,
  type FirstRows,
  type Pair,
  SnapshotDraft,
  toAccountsRead,
} from "../../ledger/snapshot-draft.ts";
import { type MongoConnection, queryLimits } from "./connection.ts";
import { accountRow, idOfEntry, idWithin, rowOf } from "./documents.ts";
import type { SnapshotSession } from "./transaction.ts";

/** What a document was read for. */
type Part = "account" | "grant" | "hold" | "earlier" | "charge" | "refund" | "clock";

/** One of the questions that travel together. */
type Question = { readonly part: Part; readonly collection: string; readonly where: Document };

const labelled = (part: Part): Document => ({ $replaceWith: { part, found: "$$ROOT" } });

/** The clock of the server that answers, of the moment at which it began to. */
const clock: Document = { $unionWith: { pipeline: [{ $documents: [{ part: "clock", found: { now: "$$NOW" } }] }] } };

/** Several questions in one flight. Documents come one by one: together they may be larger than one can be. */
async function ask(
  connection: MongoConnection,
  moment: SnapshotSession,
  [first, ...others]: readonly [Question, ...Question[]],
): Promise<ReadonlyMap<Part, readonly Document[]>> {
  const pipeline = [
    { $match: first.where },
    labelled(first.part),
    ...others.map(({ part, collection, where }) => ({
      $unionWith: { coll: collection, pipeline: [{ $match: where }, labelled(part)] },
    })),
    clock,
  ];
  const answers = await connection
    .collection(first.collection)
    .aggregate(pipeline, { ...moment, batchSize: 100_000, ...queryLimits })
    .toArray();
  const parts = Map.groupBy(answers, ({ part }) => part as Part);
  return new Map([...parts].map(([part, all]) => [part, all.map(({ found }) => found as Document)]));
}

/** Accounts and what is left in their grants. */
const accountsAndGrants = (ids: readonly string[]): [Question, Question] => [
  { part: "account", collection: "accounts", where: { _id: { $in: ids } } },
  { part: "grant", collection: "grants", where: { account_id: { $in: ids }, remaining: { $gt: 0 } } },
];

const nowIn = (answers: ReadonlyMap<Part, readonly Document[]>): number => {
  const now: unknown = answers.get("clock")?.[0]?.["now"];
  invariant(now instanceof Date, "the database did not say what time it is");
  return now.getTime();
};

/** All that `needs` names, as of the one moment of `moment`. */
export async function readSnapshot(
  connection: MongoConnection,
  moment: SnapshotSession,
  readSet: ReadSet,
): Promise<Snapshot> {
  const names = distinctReads(readSet);
  const answers = await ask(connection, moment, [...accountsAndGrants(names.accountIds), ...namedQuestions(names)]);
  const draft = new SnapshotDraft(firstRows(answers, names));
  const due = draft.dueAccounts();
  if (due.length > 0) draft.addDue(await readDue(connection, moment, { due, nowMs: draft.nowMs, shown: names.holds }));
  const closed = draft.closedGrants();
  if (closed.length > 0) draft.addGrants(await readGrants(connection, moment, closed));
  return draft.finish();
}

type Names = ReturnType<typeof distinctReads>;

/** By `_id` and by ids that are nobody else's, never by an account's whole journal: a batch may name a thousand of each. */
function namedQuestions({ keys, ownIds, holds, charges }: Names): readonly Question[] {
  const ofLines = [
    ...keys.map(([account, key]) => idOfEntry(account, key)),
    ...ownIds.map(([account, id]) => idOfEntry(account, idempotencyKey.ofTransaction(id as TransactionId))),
  ];
  const chargeIds = charges.map(([, id]) => id);
  const all: readonly Question[] = [
    { part: "earlier", collection: "transactions", where: { _id: { $in: ofLines } } },
    { part: "hold", collection: "holds", where: { _id: { $in: holds.map(([account, id]) => idWithin(account, id)) } } },
    { part: "charge", collection: "transactions", where: { id: { $in: chargeIds } } },
    { part: "refund", collection: "transactions", where: { subject_id: { $in: chargeIds }, kind: "refund" } },
  ];
  const isAsked = { executed: ofLines, hold: holds, charge: charges, refund: charges };
  return all.filter(({ part }) => isAsked[part as keyof typeof isAsked].length > 0);
}

function firstRows(answers: ReadonlyMap<Part, readonly Document[]>, { charges }: Names): FirstRows {
  const lines = (part: Part) => (answers.get(part) ?? []).map((found) => rowOf<EntryRow>(found));
  // Ids were asked for alone; whose they are is looked at here.
  const named = new Set(charges.map((pair) => pair.join("\n")));
  return {
    nowMs: nowIn(answers),
    accounts: (answers.get("account") ?? []).map(accountRow),
    grants: (answers.get("grant") ?? []).map((found) => rowOf<GrantRow>(found)),
    holds: (answers.get("hold") ?? []).map((found) => rowOf<HoldRow>(found)),
    executed: lines("earlier"),
    charges: lines("charge").filter(({ account_id, id }) => named.has(`${account_id}\n${id}`)),
    refunds: lines("refund").filter(({ account_id, subject_id }) => named.has(`${account_id}\n${subject_id}`)),
  };
}

const readGrants = async (
  connection: MongoConnection,
  moment: SnapshotSession,
  pairs: readonly Pair[],
): Promise<readonly GrantRow[]> => {
  const ids = pairs.map(([account, id]) => idWithin(account, id));
  const found = await connection
    .collection("grants")
    .find({ _id: { $in: ids } }, { ...moment, ...queryLimits })
    .toArray();
  return found.map((each) => rowOf<GrantRow>(each));
};

type DueOf = { readonly due: readonly AccountId[]; readonly nowMs: number; readonly shown: readonly Pair[] };

/** The first holds of each account that are due, and when the first of those that are neither due nor shown will be. */
async function readDue(
  connection: MongoConnection,
  moment: SnapshotSession,
  { due, nowMs, shown }: DueOf,
): Promise<ExpirationRows> {
  const pendingOf = (name: string, where: Document, limit: number) => [
    { $match: { _id: { $in: due } } },
    {
      $lookup: {
        from: "holds",
        localField: "_id",
        foreignField: "account_id",
        pipeline: [{ $match: { state: "pending", ...where } }, { $sort: { expires_at_ms: 1 } }, { $limit: limit }],
        as: name,
      },
    },
    { $unwind: `$${name}` },
    { $replaceWith: `$${name}` },
  ];
  const read = (pipeline: Document[]) =>
    connection
      .collection("accounts")
      .aggregate(pipeline, { ...moment, ...queryLimits })
      .toArray();
  const holds = await read(pendingOf("due", { expires_at_ms: { $lte: nowMs } }, EXPIRATION_BATCH));
  const named = shown.map(([account, id]) => idWithin(account, id));
  const others = await read(pendingOf("next", { expires_at_ms: { $gt: nowMs }, _id: { $nin: named } }, 1));
  return {
    holds: holds.map((found) => rowOf<HoldRow>(found)),
    others: others.map((found) => ({ account_id: found["account_id"], due_ms: found["expires_at_ms"] })),
  };
}

/** What accounts have, for whoever wants to know. */
export async function readAccounts(
  connection: MongoConnection,
  moment: SnapshotSession,
  ids: readonly AccountId[],
): Promise<AccountsRead> {
  const answers = await ask(connection, moment, accountsAndGrants([...new Set(ids)]));
  const grants = (answers.get("grant") ?? []).map((found) => rowOf<GrantRow>(found));
  return toAccountsRead(nowIn(answers), (answers.get("account") ?? []).map(accountRow), grants);
}

/** The accounts that have been due for longest, by the clock of the server. */
export async function findDue(connection: MongoConnection, limit: number): Promise<readonly AccountId[]> {
  const { localTime } = await connection.db.command({ hello: 1, ...queryLimits });
  const found = await connection
    .collection("accounts")
    // Both ends, so that the index answers: accounts of which nothing is ever due are not in it.
    .find({ next_due_ms: { $gte: 0, $lte: localTime.getTime() } }, queryLimits)
    .sort({ next_due_ms: 1 })
    .limit(limit)
    .project({ _id: 1 })
    .toArray();
  return found.map(({ _id }) => accountId(String(_id)));
}
