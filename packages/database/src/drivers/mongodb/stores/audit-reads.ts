import { type AccountId, accountId, invariant } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import { type Document, MaxKey } from "mongodb";
import { type HoldRow, toAccount, toHold } from "../../../ledger/rows.ts";
import type { AuditRun, AuditStore } from "../../../stores/audit-reads.ts";
import { accountRow, fromFields, rowOf, toFields } from "../documents.ts";
import type { MongoConnection } from "../pool.ts";
import { type SnapshotSession, withSnapshot } from "../snapshot.ts";
import { grantOf, lineOf, withinAccount } from "./history.ts";

/** How many lines are in memory at a time. */
const CHUNK = 1_000;

/** What an audit reads, on MongoDB. */
export function createAuditStore(connection: MongoConnection): AuditStore {
  const accounts = connection.collection("accounts");
  const runs = connection.collection("audit_runs");
  return {
    accountIds: (after, limit) =>
      withSnapshot(connection, (moment) => accountIds(connection, moment, { after, limit })),

    countAccounts: () => connection.reading(() => accounts.countDocuments({}, { hint: "_id_" })),

    readBooks: (id, check) =>
      withSnapshot(connection, async (moment) => {
        const all = (name: string, where: Document) => connection.collection(name).find(where, moment).toArray();
        const [account] = await all("accounts", { _id: id });
        const grants = await all("grants", withinAccount(id));
        const holds = await all("holds", withinAccount(id));
        return check({
          account: account && toAccount(accountRow(account)),
          grants: grants.map(grantOf),
          holds: holds.map((hold) => toHold(rowOf<HoldRow>(hold))),
          entries: { [Symbol.asyncIterator]: () => linesOf(connection, moment, id) },
        });
      }),

    noteRun: async ({ id, ...run }) => {
      await connection.writing(() => runs.insertOne({ _id: id, ...toFields(run) }));
    },

    lastRun: async () => {
      const last = await connection.reading(() => runs.findOne({}, { sort: { finished_at_ms: -1, _id: -1 } }));
      return last ? { ...fromFields<Omit<AuditRun, "id">>(last), id: String(last._id) } : undefined;
    },
  };
}

type Asked = { readonly after: AccountId | undefined; readonly limit: number };

/** The next accounts, and between them whatever occurs in other collections alone. */
async function accountIds(
  connection: MongoConnection,
  moment: SnapshotSession,
  { after, limit }: Asked,
): Promise<readonly AccountId[]> {
  const known = await connection
    .collection("accounts")
    .find({ _id: { $gt: after ?? "" } }, { ...moment, projection: { _id: 1 } })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  const ids = new Set(known.map(({ _id }) => String(_id)));
  const last = ids.size === limit ? [...ids].at(-1) : undefined;
  const found = (name: string, where: Document) => connection.collection(name).distinct("account_id", where, moment);
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

async function* linesOf(
  connection: MongoConnection,
  moment: SnapshotSession,
  id: AccountId,
): AsyncGenerator<readonly Entry[]> {
  for (let last = 0; ; ) {
    invariant(!moment.session.hasEnded, "the books are read after their check was over");
    const found = await connection
      .collection("transactions")
      .find({ account_id: id, sequence: { $gt: last } }, { ...moment, hint: "number" })
      .sort({ sequence: 1 })
      .limit(CHUNK)
      .toArray();
    const entries = found.map(lineOf);
    const end = entries.at(-1);
    if (!end) return;
    yield entries;
    if (entries.length < CHUNK) return;
    last = end.sequence;
  }
}
