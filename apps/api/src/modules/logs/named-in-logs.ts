import { type AccountId, accountOf, type HoldId, holdId, type TransactionId, transactionId } from "@jifen/core";
import type { CallLog, HistoryStore } from "@jifen/database";
import { type Entry, type Hold, isCharge } from "@jifen/ledger";

/** What the ledger has of what a log names; null if that is not one of the log's own user. */
export type NamedInLog = {
  readonly charge: { readonly entry: Entry; readonly refunded: number } | null;
  readonly hold: Hold | null;
};

const nothing: NamedInLog = { charge: null, hold: null };

const nameIn = (accountId: AccountId, id: string) => `${accountId} ${id}`;

/**
 * What the ledger has now of the charges and holds that logs name, in three reads for any number of logs. A log never says
 * itself what a call cost.
 */
export async function readNamed(
  history: Pick<HistoryStore, "entriesById" | "referring" | "holdsById">,
  logs: readonly CallLog[],
): Promise<(log: CallLog) => NamedInLog> {
  const naming = logs.filter(({ subjectId }) => subjectId !== null);
  if (naming.length === 0) return () => nothing;
  const accounts = [...new Set(naming.map(({ userId }) => accountOf(userId)))];
  const subjects = [...new Set(naming.map(({ subjectId }) => subjectId as string))];
  const transactionIds = subjects.filter((id) => id.startsWith("txn-")).map(transactionId);
  const holdIds = subjects.filter((id) => id.startsWith("hold-")).map(holdId);
  const [entries, holds, captures] = await Promise.all([
    read(transactionIds, (ids) => history.entriesById(accounts, ids)),
    read(holdIds, (ids) => history.holdsById(accounts, ids)),
    read(holdIds, (ids) => history.referring(accounts, ids, "capture")),
  ]);
  const charges = [...entries.filter(isCharge), ...captures];
  const refunds = await read(
    charges.map(({ id }) => id),
    (ids) => history.referring(accounts, ids, "refund"),
  );
  const refundedOf = sumByReference(refunds);
  const chargeByName = new Map<string, Entry>([
    ...charges.map((entry) => [nameIn(entry.accountId, entry.id), entry] as const),
    ...captures.map((entry) => [nameIn(entry.accountId, String(entry.referenceId)), entry] as const),
  ]);
  const holdByName = new Map(holds.map((hold) => [nameIn(hold.accountId, hold.id), hold]));
  return ({ userId, subjectId }) => {
    const name = nameIn(accountOf(userId), String(subjectId));
    const entry = chargeByName.get(name);
    const refunded = entry ? (refundedOf.get(nameIn(entry.accountId, entry.id)) ?? 0) : 0;
    return { charge: entry ? { entry, refunded } : null, hold: holdByName.get(name) ?? null };
  };
}

const read = async <Id extends TransactionId | HoldId, Row>(
  ids: readonly Id[],
  find: (ids: readonly Id[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> => (ids.length === 0 ? [] : find(ids));

/** The sum of the refunds of each charge. */
function sumByReference(refunds: readonly Entry[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { accountId, referenceId, amount } of refunds) {
    const name = nameIn(accountId, String(referenceId));
    sums.set(name, (sums.get(name) ?? 0) + amount);
  }
  return sums;
}
