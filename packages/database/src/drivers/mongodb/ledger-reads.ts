import { type AccountId, accountId, idempotencyKey, invariant, type TransactionId } from "@jifen/core";
import { type AccountsRead, EXPIRATION_BATCH, type ReadSet, type Snapshot } from "@jifen/ledger";
import type { Document } from "mongodb";
import type { EntryRow, GrantRow, HoldRow } from "../../ledger/rows.ts";
import {
  type DistinctReads,
  distinctReads,
  type ExpirationRows,
  type FirstRows,
  type Pair,
  SnapshotDraft,
  toAccountsRead,
} from "../../ledger/snapshot-draft.ts";
import { accountRow, idOfEntry, idWithin, rowOf } from "./documents.ts";
import { type MongoConnection, queryLimits } from "./pool.ts";
import type { SnapshotSession } from "./snapshot.ts";

/** What a document was read for. */
type Part = "account" | "grant" | "hold" | "executed" | "charge" | "refund" | "clock";

/** One of the queries that are sent in one command. */
type Query = { readonly part: Part; readonly collection: string; readonly where: Document };

type Results = ReadonlyMap<Part, readonly Document[]>;

const labelled = (part: Part): Document => ({ $replaceWith: { part, found: "$$ROOT" } });

/** The clock of the server at the time when it started the query. */
const clock: Document = { $unionWith: { pipeline: [{ $documents: [{ part: "clock", found: { now: "$$NOW" } }] }] } };

/** Sends several queries in one round trip. Returns single documents, because one document has a size limit. */
async function readAll(
  connection: MongoConnection,
  snapshot: SnapshotSession,
  [first, ...others]: readonly [Query, ...Query[]],
): Promise<Results> {
  const pipeline = [
    { $match: first.where },
    labelled(first.part),
    ...others.map(({ part, collection, where }) => ({
      $unionWith: { coll: collection, pipeline: [{ $match: where }, labelled(part)] },
    })),
    clock,
  ];
  const documents = await connection
    .collection(first.collection)
    .aggregate(pipeline, { ...snapshot, batchSize: 100_000, ...queryLimits })
    .toArray();
  const parts = Map.groupBy(documents, ({ part }) => part as Part);
  return new Map([...parts].map(([part, all]) => [part, all.map(({ found }) => found as Document)]));
}

/** Accounts and their open grants. */
const accountsAndGrants = (ids: readonly string[]): [Query, Query] => [
  { part: "account", collection: "accounts", where: { _id: { $in: ids } } },
  { part: "grant", collection: "grants", where: { account_id: { $in: ids }, remaining: { $gt: 0 } } },
];

const nowIn = (results: Results): number => {
  const now: unknown = results.get("clock")?.[0]?.["now"];
  invariant(now instanceof Date, "the database did not report its clock");
  return now.getTime();
};

/** Reads the read set from one snapshot, in one round trip unless something has expired or a grant is closed. */
export async function readSnapshot(
  connection: MongoConnection,
  session: SnapshotSession,
  readSet: ReadSet,
): Promise<Snapshot> {
  const reads = distinctReads(readSet);
  const results = await readAll(connection, session, [...accountsAndGrants(reads.accountIds), ...queriesOf(reads)]);
  const draft = new SnapshotDraft(firstRows(results, reads));
  const expired = draft.expiredAccounts();
  if (expired.length > 0)
    draft.addExpired(await readExpired(connection, session, { expired, nowMs: draft.nowMs, shown: reads.holds }));
  const closed = draft.closedGrants();
  if (closed.length > 0) draft.addGrants(await readGrants(connection, session, closed));
  return draft.finish();
}

/** Queries by `_id` or by globally unique ids, never over the whole journal of an account: a batch can have a thousand. */
function queriesOf({ keys, ownIds, holds, charges }: DistinctReads): readonly Query[] {
  const entryIds = [
    ...keys.map(([account, key]) => idOfEntry(account, key)),
    ...ownIds.map(([account, id]) => idOfEntry(account, idempotencyKey.ofTransaction(id as TransactionId))),
  ];
  const holdIds = holds.map(([account, id]) => idWithin(account, id));
  const chargeIds = charges.map(([, id]) => id);
  const queries: Query[] = [];
  if (entryIds.length > 0)
    queries.push({ part: "executed", collection: "transactions", where: { _id: { $in: entryIds } } });
  if (holdIds.length > 0) queries.push({ part: "hold", collection: "holds", where: { _id: { $in: holdIds } } });
  if (chargeIds.length > 0) {
    queries.push(
      { part: "charge", collection: "transactions", where: { id: { $in: chargeIds } } },
      { part: "refund", collection: "transactions", where: { subject_id: { $in: chargeIds }, kind: "refund" } },
    );
  }
  return queries;
}

function firstRows(results: Results, { charges }: DistinctReads): FirstRows {
  const entries = (part: Part) => (results.get(part) ?? []).map((found) => rowOf<EntryRow>(found));
  // The queries had only the ids of the charges, so their accounts are compared here.
  const named = new Set(charges.map((pair) => pair.join("\n")));
  return {
    nowMs: nowIn(results),
    accounts: (results.get("account") ?? []).map(accountRow),
    grants: (results.get("grant") ?? []).map((found) => rowOf<GrantRow>(found)),
    holds: (results.get("hold") ?? []).map((found) => rowOf<HoldRow>(found)),
    executed: entries("executed"),
    charges: entries("charge").filter(({ account_id, id }) => named.has(`${account_id}\n${id}`)),
    refunds: entries("refund").filter(({ account_id, subject_id }) => named.has(`${account_id}\n${subject_id}`)),
  };
}

const readGrants = async (
  connection: MongoConnection,
  session: SnapshotSession,
  pairs: readonly Pair[],
): Promise<readonly GrantRow[]> => {
  const ids = pairs.map(([account, id]) => idWithin(account, id));
  const documents = await connection
    .collection("grants")
    .find({ _id: { $in: ids } }, { ...session, ...queryLimits })
    .toArray();
  return documents.map((found) => rowOf<GrantRow>(found));
};

type ExpiredReads = { readonly expired: readonly AccountId[]; readonly nowMs: number; readonly shown: readonly Pair[] };

/** Reads the first expired holds of each account, and the earliest expiry of its other pending holds. */
async function readExpired(
  connection: MongoConnection,
  session: SnapshotSession,
  { expired, nowMs, shown }: ExpiredReads,
): Promise<ExpirationRows> {
  const pendingHolds = (name: string, where: Document, limit: number) => [
    { $match: { _id: { $in: expired } } },
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
      .aggregate(pipeline, { ...session, ...queryLimits })
      .toArray();
  const holds = await read(pendingHolds("due", { expires_at_ms: { $lte: nowMs } }, EXPIRATION_BATCH));
  const shownIds = shown.map(([account, id]) => idWithin(account, id));
  const others = await read(pendingHolds("next", { expires_at_ms: { $gt: nowMs }, _id: { $nin: shownIds } }, 1));
  return {
    holds: holds.map((found) => rowOf<HoldRow>(found)),
    others: others.map((found) => ({ account_id: found["account_id"], due_ms: found["expires_at_ms"] })),
  };
}

/** Reads accounts and their open grants from one snapshot. */
export async function readAccounts(
  connection: MongoConnection,
  session: SnapshotSession,
  ids: readonly AccountId[],
): Promise<AccountsRead> {
  const results = await readAll(connection, session, accountsAndGrants([...new Set(ids)]));
  const grants = (results.get("grant") ?? []).map((found) => rowOf<GrantRow>(found));
  return toAccountsRead(nowIn(results), (results.get("account") ?? []).map(accountRow), grants);
}

/** Finds the accounts with the earliest expiry in the past, by the clock of the server. */
export async function findExpired(connection: MongoConnection, limit: number): Promise<readonly AccountId[]> {
  const { localTime } = await connection.db.command({ hello: 1, ...queryLimits });
  const documents = await connection
    .collection("accounts")
    // Both bounds, so that the partial index applies: it omits accounts without an expiry.
    .find({ next_due_ms: { $gte: 0, $lte: localTime.getTime() } }, queryLimits)
    .sort({ next_due_ms: 1 })
    .limit(limit)
    .project({ _id: 1 })
    .toArray();
  return documents.map(({ _id }) => accountId(String(_id)));
}
