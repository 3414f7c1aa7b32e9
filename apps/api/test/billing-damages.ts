import { type FreshDatabase, openMongodbRows, type Row } from "@jifen/testkit";
import { changeDatabase } from "./change-database.ts";

/**
 * What is damaged: a payment that is credited, one of which a part was refunded, or was while the credits were kept, one whose
 * refund failed, or a code that one user or two have redeemed.
 */
export type Subject = "paid" | "refunded" | "kept" | "failed" | "claimed" | "claimedTwice";

/**
 * A damage of the row of a table with the id `in`, which is changed, or deleted if nothing is set. `in` and the second word of
 * each difference that the audit finds are ids of the subject: the rows `payment`, `reversal`, `batch` and `code`, and the
 * transactions `purchase`, `bonus`, `taking`, `bonusTaking` and `claim`.
 */
export type Damage = {
  readonly of: Subject;
  readonly says: string;
  readonly table: "payments" | "reversals" | "codes" | "code_claims";
  readonly in: "payment" | "reversal" | "code" | "batch";
  readonly set?: Row;
  readonly finds: readonly string[];
};

const ofPayments: readonly Damage[] = [
  {
    ...{ of: "paid", says: "a payment that is missing", table: "payments", in: "payment" },
    finds: ["GRANT_WITHOUT_PAYMENT purchase", "GRANT_WITHOUT_PAYMENT bonus"],
  },
  {
    ...{ of: "paid", says: "a payment without its purchase grant" },
    ...{ table: "payments", in: "payment", set: { transaction_id: "txn-none" } },
    finds: ["PAYMENT_WITHOUT_GRANT payment", "GRANT_WITHOUT_PAYMENT purchase"],
  },
  {
    ...{ of: "paid", says: "a payment of another bonus than its grant" },
    ...{ table: "payments", in: "payment", set: { bonus_credits: 9 } },
    finds: ["PAYMENT_WITHOUT_GRANT payment", "GRANT_WITHOUT_PAYMENT bonus"],
  },
  {
    ...{ of: "paid", says: "a payment of another transaction at the provider" },
    ...{ table: "payments", in: "payment", set: { txn_id: "other" } },
    finds: [
      ...["PAYMENT_WITHOUT_GRANT payment", "PAYMENT_WITHOUT_GRANT payment"],
      ...["GRANT_WITHOUT_PAYMENT purchase", "GRANT_WITHOUT_PAYMENT bonus"],
    ],
  },
  {
    ...{ of: "paid", says: "an accepted payment that no process will credit" },
    ...{ table: "payments", in: "payment", set: { state: "accepted", next_check_ms: null } },
    finds: ["PAYMENT_NOT_CREDITED payment"],
  },
  {
    ...{ of: "paid", says: "an accepted payment after many attempts" },
    ...{ table: "payments", in: "payment", set: { state: "accepted", next_check_ms: 9_000_000_000_000, checks: 10 } },
    finds: ["PAYMENT_NOT_CREDITED payment"],
  },
];

const ofReversals: readonly Damage[] = [
  {
    ...{ of: "refunded", says: "a payment that shows less as returned" },
    ...{ table: "payments", in: "payment", set: { reversed_minor: 395 } },
    finds: ["REVERSED_MONEY_DIFFERS payment"],
  },
  {
    ...{ of: "refunded", says: "a payment that is missing, with its reversal" },
    ...{ table: "payments", in: "payment" },
    finds: [...["REVERSED_MONEY_DIFFERS payment", "GRANT_WITHOUT_PAYMENT purchase", "GRANT_WITHOUT_PAYMENT bonus"]],
  },
  {
    ...{ of: "refunded", says: "a reversal of more money than was paid" },
    ...{ table: "reversals", in: "reversal", set: { amount_minor: 991 } },
    finds: ["REVERSED_MONEY_DIFFERS payment", "REVERSED_TOO_MUCH payment"],
  },
  {
    ...{ of: "refunded", says: "a reversal that has noted other credits than the ledger has taken" },
    ...{ table: "reversals", in: "reversal", set: { taken_bonus: 3 } },
    finds: ["REVERSAL_CREDITS_DIFFER reversal"],
  },
  {
    ...{ of: "refunded", says: "a reversal that has noted more credits than were granted" },
    ...{ table: "reversals", in: "reversal", set: { taken_credits: 101 } },
    finds: ["REVERSAL_CREDITS_DIFFER reversal", "REVERSED_TOO_MUCH payment"],
  },
  {
    ...{ of: "refunded", says: "a reversal that has failed and gave nothing back" },
    ...{ table: "reversals", in: "reversal", set: { state: "failed" } },
    finds: ["GIVEN_BACK_DIFFERS reversal", "REVERSED_MONEY_DIFFERS payment"],
  },
  {
    ...{ of: "failed", says: "a reversal that gave its credits back although it did not fail" },
    ...{ table: "reversals", in: "reversal", set: { state: "done" } },
    finds: ["GIVEN_BACK_DIFFERS reversal", "REVERSED_MONEY_DIFFERS payment"],
  },
  {
    ...{ of: "refunded", says: "a reversal that is missing" },
    ...{ table: "reversals", in: "reversal" },
    finds: [
      ...["TAKEN_WITHOUT_REVERSAL taking", "TAKEN_WITHOUT_REVERSAL bonusTaking", "REVERSED_MONEY_DIFFERS payment"],
    ],
  },
  {
    ...{ of: "kept", says: "a reversal that is missing and took no credits" },
    ...{ table: "reversals", in: "reversal" },
    finds: ["REVERSED_MONEY_DIFFERS payment"],
  },
];

const ofClaims: readonly Damage[] = [
  {
    ...{ of: "claimed", says: "a code with a wrong number of uses" },
    ...{ table: "codes", in: "code", set: { used: 2 } },
    finds: ["CODE_USES_DIFFER code"],
  },
  {
    ...{ of: "claimed", says: "a claim that is missing", table: "code_claims", in: "batch" },
    finds: ["CODE_USES_DIFFER code", "GRANT_WITHOUT_CLAIM claim"],
  },
  {
    ...{ of: "claimed", says: "a claim without its grant" },
    ...{ table: "code_claims", in: "batch", set: { transaction_id: "txn-none" } },
    finds: ["CLAIM_WITHOUT_GRANT code", "GRANT_WITHOUT_CLAIM claim"],
  },
  {
    ...{ of: "claimed", says: "a claim of other credits than its grant" },
    ...{ table: "code_claims", in: "batch", set: { credits: 51 } },
    finds: ["CLAIM_WITHOUT_GRANT code", "GRANT_WITHOUT_CLAIM claim"],
  },
  {
    ...{ of: "claimed", says: "a claim that has had no credits for an hour" },
    ...{ table: "code_claims", in: "batch", set: { state: "claimed", transaction_id: null, claimed_at_ms: 1 } },
    finds: ["CLAIM_NOT_CREDITED code", "GRANT_WITHOUT_CLAIM claim"],
  },
  {
    ...{ of: "claimed", says: "a claim beyond the limit of its user" },
    ...{ table: "code_claims", in: "batch", set: { number: 2 } },
    finds: ["CODE_USED_TOO_OFTEN code"],
  },
  {
    ...{ of: "claimedTwice", says: "a code with more claims than uses" },
    ...{ table: "codes", in: "code", set: { used: 1, max_uses: 1 } },
    finds: ["CODE_USES_DIFFER code", "CODE_USED_TOO_OFTEN code"],
  },
];

/** Damages of payments, reversals and redemption codes. Each has a subject of its own. */
export const damages: readonly Damage[] = [...ofPayments, ...ofReversals, ...ofClaims];

/** The column in which a row has the id that a damage names. */
const columns = { payment: "id", reversal: "id", code: "code_hash", batch: "batch_id" } as const;

const text = (value: unknown): string => (typeof value === "string" ? `'${value}'` : `${value}`);

/** Does a damage to the row with this id, without the code of the database package. */
export async function damageRow(database: FreshDatabase, damage: Damage, id: string): Promise<void> {
  const { table, set } = damage;
  const column = columns[damage.in];
  if (database.url.startsWith("mongodb:")) {
    // A column of the key can only be changed with a new document.
    const rows = await openMongodbRows(database.url);
    const [row] = await rows.find(table, { [column]: id });
    await rows.remove(table, { [column]: id });
    if (set) await rows.insert(table, { ...row, ...set });
    return rows.close();
  }
  const changes = Object.entries(set ?? {}).map(([name, value]) => `${name} = ${text(value)}`);
  const change = set ? `UPDATE ${table} SET ${changes.join(", ")}` : `DELETE FROM ${table}`;
  await changeDatabase(database, `${change} WHERE ${column} = '${id}'`);
}
