import type { AccountId } from "@jifen/core";
import type { RawRows, Row } from "@jifen/testkit";
import type { AccountStatement } from "../src/index.ts";
import type { Month } from "../src/stores/statement-bounds.ts";

/** The rows of an account that its statements follow from, read without the code under test. */
export type Books = { readonly entries: readonly Row[]; readonly sources: ReadonlyMap<unknown, unknown> };

/** Reads the rows of an account. */
export async function booksOf(rows: RawRows, account: AccountId): Promise<Books> {
  const grants = await rows.find("grants", { account_id: account });
  return {
    entries: await rows.find("transactions", { account_id: account }, "sequence"),
    sources: new Map(grants.map((grant) => [grant["id"], grant["source"]])),
  };
}

/** Adds up the amounts and counts by name. */
function byName(entries: readonly Row[], nameOf: (entry: Row) => unknown): Readonly<Record<string, readonly number[]>> {
  const sums: Record<string, [entries: number, amount: number]> = {};
  for (const entry of entries) {
    const [count, amount] = sums[String(nameOf(entry))] ?? [0, 0];
    sums[String(nameOf(entry))] = [count + 1, amount + Number(entry["amount"])];
  }
  return sums;
}

const sumOf = (entries: readonly Row[]) => entries.reduce((sum, entry) => sum + Number(entry["amount"]), 0);

/** What the statement of a month has to say. */
export function expectedStatement({ entries, sources }: Books, { fromMs, toMs }: Month) {
  const before = (ms: number) => entries.filter((entry) => Number(entry["created_at_ms"]) < ms);
  const [opening, closing] = [before(fromMs).at(-1), before(toMs).at(-1)];
  const of = (...kinds: readonly string[]) =>
    before(toMs).filter((entry) => Number(entry["created_at_ms"]) >= fromMs && kinds.includes(String(entry["kind"])));
  const after = (entry: Row | undefined) => [Number(entry?.["balance_after"] ?? 0), Number(entry?.["held_after"] ?? 0)];
  return {
    opening: after(opening),
    grants: byName(of("grant"), (entry) => sources.get(entry["subject_id"])),
    revoked: sumOf(of("revoke")),
    spent: byName(of("consume", "capture"), (entry) => entry["action"]),
    refunded: byName(of("refund"), (entry) => entry["action"]),
    expired: sumOf(of("expire")),
    closing: after(closing),
  };
}

type Named = readonly { readonly name: string | null; readonly entries: number; readonly amount: number }[];

const asRecord = (sums: Named) =>
  Object.fromEntries(sums.map(({ name, entries, amount }) => [name, [entries, amount]]));

/** A statement in the form of `expectedStatement`. */
export const shown = ({ opening, closing, sums }: AccountStatement) => ({
  opening: [opening.balance, opening.held],
  grants: asRecord(sums.grants),
  revoked: sums.revoked,
  spent: asRecord(sums.spent),
  refunded: asRecord(sums.refunded),
  expired: sums.expired,
  closing: [closing.balance, closing.held],
});
