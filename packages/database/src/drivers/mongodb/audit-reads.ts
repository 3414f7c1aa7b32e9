import { type AccountId, accountId, invariant } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import { type Document, MaxKey, MinKey } from "mongodb";
import { type EntryRow, type GrantRow, type HoldRow, toAccount, toEntry, toGrant, toHold } from "../../ledger/rows.ts";
import type { AuditReads } from "../../stores/audit-reads.ts";
import { accountRow, rowOf } from "./documents.ts";
import type { MongoConnection } from "./pool.ts";
import { type SnapshotSession, withSnapshot } from "./snapshot.ts";

/** How many entries are in memory at a time. */
const CHUNK = 1_000;

/** The ids of all grants or holds of an account. */
const withinAccount = (account: AccountId): Document => ({
  _id: {
    $gt: { account_id: account, id: new MinKey() },
    $lt: { account_id: account, id: new MaxKey() },
  },
});

/** What an audit reads, on MongoDB. */
export function createMongodbAuditReads(connection: MongoConnection): AuditReads {
  return {
    accountIds: (after, limit) =>
      withSnapshot(connection, (snapshot) => accountIds(connection, snapshot, { after, limit })),

    countAccounts: () =>
      connection.reading(() => connection.collection("accounts").countDocuments({}, { hint: "_id_" })),

    readAccount: (id, check) =>
      withSnapshot(connection, async (snapshot) => {
        const all = (name: string, where: Document) => connection.collection(name).find(where, snapshot).toArray();
        const [account] = await all("accounts", { _id: id });
        const grants = await all("grants", withinAccount(id));
        const holds = await all("holds", withinAccount(id));
        return check({
          account: account && toAccount(accountRow(account)),
          grants: grants.map((grant) => toGrant(rowOf<GrantRow>(grant))),
          holds: holds.map((hold) => toHold(rowOf<HoldRow>(hold))),
          entries: { [Symbol.asyncIterator]: () => entriesOf(connection, snapshot, id) },
        });
      }),
  };
}

type IdsPage = { readonly after: AccountId | undefined; readonly limit: number };

/** The next ids of accounts, and of those that only occur in other collections. */
async function accountIds(
  connection: MongoConnection,
  snapshot: SnapshotSession,
  { after, limit }: IdsPage,
): Promise<readonly AccountId[]> {
  const known = await connection
    .collection("accounts")
    .find({ _id: { $gt: after ?? "" } }, { ...snapshot, projection: { _id: 1 } })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  const ids = new Set(known.map(({ _id }) => String(_id)));
  const last = ids.size === limit ? [...ids].at(-1) : undefined;
  const found = (name: string, where: Document) => connection.collection(name).distinct("account_id", where, snapshot);
  const entries = { account_id: { $gt: after ?? "", ...(last !== undefined && { $lte: last }) } };
  const within = {
    _id: {
      $gt: { account_id: after ?? "", id: new MaxKey() },
      $lt: { account_id: last ?? new MaxKey(), id: new MaxKey() },
    },
  };
  for (const id of await found("transactions", entries)) ids.add(String(id));
  for (const name of ["grants", "holds"]) for (const id of await found(name, within)) ids.add(String(id));
  // As the database orders them: by bytes.
  const ordered = [...ids].toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  return ordered.slice(0, limit).map(accountId);
}

async function* entriesOf(
  connection: MongoConnection,
  snapshot: SnapshotSession,
  id: AccountId,
): AsyncGenerator<readonly Entry[]> {
  for (let last = 0; ; ) {
    invariant(!snapshot.session.hasEnded, "the rows of an account were read after the check ended");
    const found = await connection
      .collection("transactions")
      .find({ account_id: id, sequence: { $gt: last } }, { ...snapshot, hint: "number" })
      .sort({ sequence: 1 })
      .limit(CHUNK)
      .toArray();
    const entries = found.map((entry) => toEntry(rowOf<EntryRow>(entry)));
    const end = entries.at(-1);
    if (!end) return;
    yield entries;
    if (entries.length < CHUNK) return;
    last = end.sequence;
  }
}
