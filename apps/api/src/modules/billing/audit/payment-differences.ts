import { GRANT_ATTEMPTS_BEFORE_REVIEW, grantKeyOf } from "@jifen/billing";
import { type AccountId, accountOf, idempotencyKey, userOf } from "@jifen/core";
import type { Database, Payment } from "@jifen/database";
import type { Entry } from "@jifen/ledger";
import { pagesOf } from "./pages-of.ts";

/** The kinds of differences between payments and the ledger, each with the invariant that it breaks. */
export const paymentDifferenceKinds = {
  PAYMENT_WITHOUT_GRANT: "B1: a credited payment has no transaction of its grant in the ledger",
  PAYMENT_NOT_CREDITED: "B1: an accepted payment has no credits after many attempts, or none will be made",
  GRANT_WITHOUT_PAYMENT: "B1: a grant of a payment has no payment that names it",
} as const;

/** A difference. `referenceId`: the payment, or the transaction. */
export type PaymentDifference = {
  readonly accountId: AccountId;
  readonly kind: keyof typeof paymentDifferenceKinds;
  readonly referenceId: string;
  readonly expected: string | number | null;
  readonly found: string | number | null;
};

/** What the audit of payments reads. */
type Reads = Pick<Database, "history" | "payments">;

const OVERDUE_MS = 3_600_000;

const keyPrefix = idempotencyKey.ofSystem("pay:");

/** Whether an entry is a grant of a payment: of the purchase, or of its bonus. */
export const isPaymentGrant = ({ idempotencyKey: key }: Pick<Entry, "idempotencyKey">): boolean =>
  key.startsWith(keyPrefix);

/** A grant that a payment has, or will have. */
type Part = Pick<Entry, "idempotencyKey" | "amount"> & {
  readonly grantId: string | null;
  /** The transaction that the payment names. */
  readonly transactionId: string | null;
};

/** The grants of a payment, the purchase first. */
function partsOf(payment: Payment): readonly Part[] {
  const key = grantKeyOf(payment);
  const { grantId, transactionId, bonusGrantId, bonusTransactionId } = payment;
  const purchase = { idempotencyKey: idempotencyKey.ofSystem(key), amount: payment.credits, grantId, transactionId };
  if (payment.bonusCredits === 0) return [purchase as Part];
  const bonus = {
    ...{ idempotencyKey: idempotencyKey.ofSystem(`${key}:bonus`), amount: payment.bonusCredits },
    ...{ grantId: bonusGrantId, transactionId: bonusTransactionId },
  };
  return [purchase as Part, bonus as Part];
}

/** Compares the grants of payments in one account with the payments of its user. A payment is there before its grants. */
export async function auditPaymentGrants(
  { payments }: Reads,
  account: AccountId,
  grants: readonly Entry[],
): Promise<readonly PaymentDifference[]> {
  const user = userOf(account);
  if (user === undefined || grants.length === 0) return [];
  const ofUser = await payments.ofUser(user);
  const parts = new Map(
    ofUser.flatMap((payment) => partsOf(payment).map((part) => [part.idempotencyKey, { part, payment }] as const)),
  );
  return grants.flatMap((entry) => {
    const known = parts.get(entry.idempotencyKey);
    if (known && isGrantOf(entry, known.part) && isNoted(entry, known.part, known.payment)) return [];
    const found = known ? `${known.part.amount} ${known.part.grantId}` : null;
    const expected = `${entry.amount} ${entry.referenceId}`;
    return [{ accountId: account, kind: "GRANT_WITHOUT_PAYMENT", referenceId: entry.id, expected, found } as const];
  });
}

const isGrantOf = (entry: Entry, { idempotencyKey: key, amount, grantId }: Part): boolean =>
  entry.kind === "grant" && entry.idempotencyKey === key && entry.amount === amount && entry.referenceId === grantId;

/** A payment whose credits are being granted names its transactions later. No other state has grants that it does not name. */
const isNoted = (entry: Entry, { transactionId }: Part, { state }: Payment): boolean =>
  transactionId === entry.id || (transactionId === null && state !== "credited");

/** Compares all payments with the ledger. */
export async function auditPayments(reads: Reads, nowMs: number): Promise<readonly PaymentDifference[]> {
  const differences: PaymentDifference[] = [];
  const pages = pagesOf((after: Payment | undefined, limit) => reads.payments.page({ after, limit }));
  for await (const payments of pages) {
    const accounts = [...new Set(payments.map((payment) => accountOf(payment.userId)))];
    const named = payments.flatMap(partsOf).flatMap(({ transactionId }) => transactionId ?? []);
    const entries = await reads.history.entriesById(accounts, named as Entry["id"][]);
    const byId = new Map(entries.map((entry) => [String(entry.id), entry]));
    for (const payment of payments) differences.push(...differencesOf(payment, byId, nowMs));
  }
  return differences;
}

function differencesOf(
  payment: Payment,
  entries: ReadonlyMap<string, Entry>,
  nowMs: number,
): readonly PaymentDifference[] {
  const about = { accountId: accountOf(payment.userId), referenceId: payment.id };
  switch (payment.state) {
    case "credited":
      return partsOf(payment).flatMap((part) => {
        const entry = entries.get(part.transactionId ?? "");
        if (entry && entry.accountId === about.accountId && isGrantOf(entry, part)) return [];
        const found = entry ? `${entry.amount} ${entry.referenceId}` : null;
        return [
          { ...about, kind: "PAYMENT_WITHOUT_GRANT", expected: `${part.amount} ${part.grantId}`, found } as const,
        ];
      });
    case "accepted": {
      const { checks, nextCheckMs } = payment;
      const isOverdue = nextCheckMs === null || nowMs > nextCheckMs + OVERDUE_MS;
      if (checks < GRANT_ATTEMPTS_BEFORE_REVIEW && !isOverdue) return [];
      return [{ ...about, kind: "PAYMENT_NOT_CREDITED", expected: payment.credits, found: 0 }];
    }
    case "review":
    case "returned":
    case "dismissed":
      return [];
    default:
      return payment.state satisfies never;
  }
}
