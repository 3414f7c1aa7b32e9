import { type AccountId, accountOf, type UserId, userOf } from "@jifen/core";
import type { Database, Payment, Reversal } from "@jifen/database";
import type { Entry } from "@jifen/ledger";
import { reversibleOf } from "../reversals/payment-terms.ts";
import { keysOfReversal, reversalIdIn, reversalKeyPrefix } from "../reversals/reversal-keys.ts";
import { pagesOf } from "./pages-of.ts";

/** The kinds of differences between refunds or disputes and the ledger, each with the invariant that it breaks. */
export const reversalDifferenceKinds = {
  REVERSED_MONEY_DIFFERS: "B13: what a payment shows as returned is not the money of its reversals",
  REVERSED_TOO_MUCH: "B13: the reversals of a payment return more than was paid, or take more than was granted",
  REVERSAL_CREDITS_DIFFER: "B13: what a reversal has taken is not what the ledger has taken for it",
  GIVEN_BACK_DIFFERS: "B13: a reversal has not given back exactly what it took, or although it did not fail",
  TAKEN_WITHOUT_REVERSAL: "B13: the ledger has taken or given back credits for a reversal that does not exist",
} as const;

/** A difference. */
export type ReversalDifference = {
  readonly accountId: AccountId;
  readonly kind: keyof typeof reversalDifferenceKinds;
  /** The payment, the reversal or the transaction. */
  readonly referenceId: string;
  readonly expected: string | number | null;
  readonly found: string | number | null;
};

/** What the audit of reversals reads. */
type Reads = Pick<Database, "history" | "payments" | "reversals">;

/** Rows that are changed while they are read are read again. */
const READS = 4;

/** Whether an entry took or gave back credits for a reversal. */
export const isReversalEntry = ({ idempotencyKey }: Pick<Entry, "idempotencyKey">): boolean =>
  idempotencyKey.startsWith(reversalKeyPrefix);

/** Looks for entries in one account whose reversal does not exist. */
export async function auditReversalEntries(
  { reversals }: Pick<Reads, "reversals">,
  account: AccountId,
  entries: readonly Entry[],
): Promise<readonly ReversalDifference[]> {
  const user = userOf(account);
  if (user === undefined || entries.length === 0) return [];
  const known = new Set((await reversals.ofUser(user)).map(({ id }) => id));
  return entries.flatMap((entry) => {
    if (known.has(reversalIdIn(entry.idempotencyKey))) return [];
    const about = { accountId: account, kind: "TAKEN_WITHOUT_REVERSAL", referenceId: entry.id } as const;
    return [{ ...about, expected: null, found: entry.amount }];
  });
}

/** Compares all reversals with their payments and with the ledger. */
export async function auditReversals(reads: Reads): Promise<readonly ReversalDifference[]> {
  const { payments, reversals } = reads;
  const differences: ReversalDifference[] = [];
  let user: UserId | undefined;
  for await (const keys of pagesOf((after: ReversalKey | undefined, limit) => reversals.keysAfter(after, limit))) {
    for (const key of keys) {
      if (key.userId !== user) differences.push(...(await auditReversalsOf(reads, key.userId)));
      user = key.userId;
    }
  }
  // A payment can show money as returned although its user has no reversal.
  for await (const page of pagesOf((after: Payment | undefined, limit) => payments.page({ after, limit }))) {
    for (const { userId, id } of page.filter(isReturning)) {
      if ((await reversals.ofUser(userId)).length > 0) continue;
      differences.push(...(await auditPayment(reads, userId, id)));
    }
  }
  return differences;
}

type ReversalKey = Pick<Reversal, "userId" | "id">;

/** Whether money of a payment is shown as returned, or as being returned. */
const isReturning = ({ reversingMinor, reversedMinor }: Payment): boolean => reversingMinor + reversedMinor > 0;

/** Compares the reversals of one user with their payments and with the ledger. */
export async function auditReversalsOf(reads: Reads, user: UserId): Promise<readonly ReversalDifference[]> {
  const rows = await reads.reversals.ofUser(user);
  const returning = (await reads.payments.ofUser(user)).filter(isReturning);
  const differences: ReversalDifference[] = [];
  for (const reversal of rows) differences.push(...(await auditOne(reads, reversal)));
  for (const id of new Set([...rows.map(({ paymentId }) => paymentId), ...returning.map((payment) => payment.id)])) {
    differences.push(...(await auditPayment(reads, user, id)));
  }
  return differences;
}

async function auditOne(
  { history, reversals, payments }: Reads,
  first: Reversal,
): Promise<readonly ReversalDifference[]> {
  const account = accountOf(first.userId);
  let reversal = first;
  const payment = await payments.find({ userId: first.userId, id: first.paymentId });
  // That a payment is missing is said once of all its reversals.
  if (!payment) return [];
  for (let reads = 1; reads < READS; reads += 1) {
    const entries = await history.entriesByKeyPrefix(account, keysOfReversal(reversal.id));
    const again = await reversals.find(reversal);
    if (!again || again.revision === reversal.revision) return compare(reversal, payment, entries);
    reversal = again;
  }
  return [];
}

const sumOf = (entries: readonly Entry[], kind: Entry["kind"]): number =>
  entries.filter((entry) => entry.kind === kind).reduce((sum, { amount }) => sum + amount, 0);

function compare(reversal: Reversal, payment: Payment, entries: readonly Entry[]): readonly ReversalDifference[] {
  const { id, takenCredits, takenBonus } = reversal;
  const [expected, taken, back] = [takenCredits + takenBonus, sumOf(entries, "revoke"), sumOf(entries, "grant")];
  const about = { accountId: accountOf(reversal.userId), referenceId: id };
  return [
    ...(taken === expected ? [] : [{ ...about, kind: "REVERSAL_CREDITS_DIFFER", expected, found: taken } as const]),
    ...(givenBackBy(reversal, payment).includes(back)
      ? []
      : [{ ...about, kind: "GIVEN_BACK_DIFFERS", expected, found: back } as const]),
  ];
}

/** What a reversal can have given back. What has expired meanwhile is not; one that is failing may have done so. */
function givenBackBy({ state, takenCredits, takenBonus }: Reversal, payment: Payment): readonly number[] {
  const credits = payment.expiresAtMs === null ? [takenCredits] : [takenCredits, 0];
  const bonus = payment.bonusExpiresAtMs === null ? [takenBonus] : [takenBonus, 0];
  const all = credits.flatMap((ofCredits) => bonus.map((ofBonus) => ofCredits + ofBonus));
  if (state === "failed") return all;
  return state === "failing" ? [0, takenCredits, ...all] : [0];
}

async function auditPayment(
  { payments, reversals }: Reads,
  user: UserId,
  id: string,
): Promise<readonly ReversalDifference[]> {
  for (let reads = 1; reads < READS; reads += 1) {
    const payment = await payments.find({ userId: user, id });
    const rows = await reversals.ofPayments(user, [id]);
    const again = await payments.find({ userId: user, id });
    if (!payment || !again) return [missingPayment(accountOf(user), id)];
    if (payment.revision === again.revision) return comparePayment(payment, rows);
  }
  return [];
}

const missingPayment = (accountId: AccountId, referenceId: string): ReversalDifference => ({
  ...{ accountId, kind: "REVERSED_MONEY_DIFFERS", referenceId, expected: null, found: null },
});

function comparePayment(payment: Payment, rows: readonly Reversal[]): readonly ReversalDifference[] {
  const { reversed, kept, paid, takenCredits, takenBonus } = reversibleOf(payment, rows);
  const about = { accountId: accountOf(payment.userId), referenceId: payment.id };
  const [expected, found] = [reversed + kept, payment.reversingMinor + payment.reversedMinor];
  // Money that the provider reports can be that of a refund of ours which has no answer yet.
  const ours = rows
    .filter(({ kind, state }) => kind === "refund" && state !== "failed")
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const isTooMuch = ours > paid || takenCredits > payment.credits || takenBonus > payment.bonusCredits;
  return [
    ...(expected === found ? [] : [{ ...about, kind: "REVERSED_MONEY_DIFFERS", expected, found } as const]),
    ...(isTooMuch
      ? [
          {
            ...({ ...about, kind: "REVERSED_TOO_MUCH" } as const),
            expected: `${paid} ${payment.credits} ${payment.bonusCredits}`,
            found: `${ours} ${takenCredits} ${takenBonus}`,
          },
        ]
      : []),
  ];
}
