import type { AccountId } from "@jifen/core";
import { type Entry, isCharge } from "@jifen/ledger";
import { quarterOf } from "../logs/log-sums.ts";
import type { RecordTransaction } from "../records/records.ts";
import { creditKinds, type LocalCredits } from "./all-accounts-reads.ts";
import type { SpendCounts } from "./spend-reads.ts";

type Sum = SpendCounts & { readonly quarter: number; readonly action: string };

/** The sums of entries, sorted by their keys: processes that change several rows in one order never deadlock. */
export function sumsOf(entries: readonly Entry[]): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const entry of entries) {
    const isRefund = entry.kind === "refund";
    if (!isRefund && !isCharge(entry)) continue;
    const [quarter, { action, amount }] = [quarterOf(entry.createdAtMs), entry];
    const key = `${String(quarter).padStart(8, "0")} ${action}`;
    const sum = sums.get(key) ?? { quarter, action, charges: 0, charged: 0, refunds: 0, refunded: 0 };
    sums.set(key, addEntry(sum, { isRefund, amount }));
  }
  return inOrder(sums);
}

const inOrder = <Value>(sums: ReadonlyMap<string, Value>): readonly Value[] =>
  [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum);

const addEntry = (sum: Sum, { isRefund, amount }: { readonly isRefund: boolean; readonly amount: number }): Sum =>
  isRefund
    ? { ...sum, refunds: sum.refunds + 1, refunded: sum.refunded + amount }
    : { ...sum, charges: sum.charges + 1, charged: sum.charged + amount };

type Owner = { readonly account: AccountId; readonly part: number };

/** Adds charges and refunds to the sums of an account and of all. */
export async function addSpend(tx: RecordTransaction, { account, part }: Owner, sum: Sum): Promise<void> {
  const { quarter, action, ...counts } = sum;
  const ofAccount = { accountId: account, quarter, action };
  if ((await tx.update("spend_rollups", ofAccount, { add: counts })) === 0) {
    await tx.insert("spend_rollups", { ...ofAccount, ...counts });
  }
  const ofAll = { part, quarter, action };
  if ((await tx.update("spend_totals", ofAll, { add: counts })) === 0) {
    await tx.insert("spend_totals", { ...ofAll, ...counts });
  }
}

type CreditSum = Omit<LocalCredits, "unit"> & { readonly quarter: number };

/** Whether an entry grants credits, revokes them, or is their expiration. */
const isCreditEntry = (entry: Entry): entry is Entry & { readonly kind: LocalCredits["kind"] } =>
  (creditKinds as readonly string[]).includes(entry.kind);

/** The grants that entries made: their sources are needed for the sums. */
export const grantIdsOf = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap(({ kind, referenceId }) => (kind === "grant" && referenceId !== null ? [referenceId] : []));

/** Sums of grants by source, of revocations and of expirations, sorted by their keys. @param sources of grants by their ids */
export function creditSumsOf(entries: readonly Entry[], sources: ReadonlyMap<string, string>): readonly CreditSum[] {
  const sums = new Map<string, CreditSum>();
  for (const entry of entries.filter(isCreditEntry)) {
    const { kind, amount, referenceId } = entry;
    const source = kind === "grant" ? (sources.get(referenceId ?? "") ?? "") : "";
    const quarter = quarterOf(entry.createdAtMs);
    const key = `${String(quarter).padStart(8, "0")} ${kind} ${source}`;
    const sum = sums.get(key) ?? { quarter, kind, source, entries: 0, amount: 0 };
    sums.set(key, { ...sum, entries: sum.entries + 1, amount: sum.amount + amount });
  }
  return inOrder(sums);
}

/** Adds grants, revocations and expirations to the sums of all accounts. */
export async function addCredits(tx: RecordTransaction, part: number, sum: CreditSum): Promise<void> {
  const { quarter, kind, source, ...counts } = sum;
  const key = { part, quarter, kind, source };
  if ((await tx.update("credit_totals", key, { add: counts })) === 0) {
    await tx.insert("credit_totals", { ...key, ...counts });
  }
}
