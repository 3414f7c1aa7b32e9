import { type Document, Long, type MongoClient } from "mongodb";
import type { Tally } from "./consistency-check.ts";
import { AMOUNT, emailOf, GRANTED, USERS } from "./workload.ts";

const accounts = Array.from({ length: USERS }, (_, n) => ({ n: n + 1, account: `user:${emailOf(n + 1)}` }));
const granted = Long.fromNumber(GRANTED);

/** Makes the accounts as the ledger would, without the users, of whom it knows nothing. */
export async function populateMongodb(client: MongoClient): Promise<void> {
  const insert = (name: string, documents: object[]) => client.db().collection(name).insertMany(documents);
  const nothing = {
    held_after: Long.ZERO,
    expiredOnReturn: Long.ZERO,
    expires_at_ms: null,
    metadata: null,
    terms: null,
  };
  await insert(
    "accounts",
    accounts.map(({ account: _id }) => ({
      ...{ _id, balance: granted, held: Long.ZERO, sequence: Long.ONE, next_due_ms: null },
    })),
  );
  await insert(
    "grants",
    accounts.map(({ n, account: account_id }) => ({
      ...{ _id: { account_id, id: `grant-${n}` }, account_id, source: "initial", amount: granted, remaining: granted },
      ...{ priority: Long.fromNumber(50), expires_at_ms: null, created_at_ms: Long.ZERO },
    })),
  );
  await insert(
    "transactions",
    accounts.map(({ n, account: account_id }) => ({
      ...{ _id: { account_id, idempotency_key: "system:initial" }, account_id, sequence: Long.ONE, id: `txn-${n}` },
      ...{ kind: "grant", amount: granted, action: "initial", subject_id: `grant-${n}`, debit: "system:issued" },
      ...{ credit: account_id, balance_after: granted, created_at_ms: Long.ZERO, ...nothing },
      allocations: JSON.stringify([{ grantId: `grant-${n}`, amount: GRANTED }]),
    })),
  );
}

/** Every account had one grant and then spent the same again and again, so what each has follows from its number. */
export async function auditMongodb(client: MongoClient, { confirmed, unanswered }: Tally): Promise<string[]> {
  const all = (name: string, fields: object) =>
    client.db().collection<Document[string]>(name).find({}, { projection: fields }).toArray();
  const spent = await client.db().collection("transactions").countDocuments({ kind: "consume", amount: AMOUNT });
  const left = new Map(
    (await all("grants", { remaining: 1 })).map(({ _id, remaining }) => [_id.account_id, remaining]),
  );
  const rows = await all("accounts", { balance: 1, held: 1, sequence: 1 });
  const last = await client
    .db()
    .collection("transactions")
    .aggregate([
      {
        $group: {
          _id: "$account_id",
          lines: { $sum: 1 },
          least: { $min: "$balance_after" },
          last: { $max: "$sequence" },
        },
      },
    ])
    .toArray();
  const lines = new Map(last.map((row) => [row["_id"], row]));
  const crooked = rows.filter(({ _id, balance, held, sequence }) => {
    const line = lines.get(_id);
    const due = GRANTED - AMOUNT * (sequence - 1);
    const isSame = [balance, line?.["least"], left.get(_id)].every((each) => each === due);
    return !isSame || held !== 0 || line?.["last"] !== sequence || line?.["lines"] !== sequence;
  });
  const most = confirmed + unanswered;
  const findings = [
    { wrong: spent < confirmed, says: `${confirmed} consumes were confirmed, ${spent} transactions are there` },
    { wrong: spent > most, says: `${spent} transactions are there, ${most} consumes can have been done` },
    { wrong: rows.length !== USERS, says: `${rows.length} accounts are there, not ${USERS}` },
    { wrong: crooked.length > 0, says: `${crooked.length} accounts do not follow from their transactions and grants` },
  ];
  return findings.filter(({ wrong }) => wrong).map(({ says }) => says);
}
