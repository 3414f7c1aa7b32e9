import type { operations, Refusal } from "@jifen/contract";
import { type AccountId, type Outcome, ok } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import type { z } from "zod";
import { pageOf, sequenceCursor } from "../../../values/cursor.ts";
import { parseTime } from "../../../values/parse-time.ts";
import type { Deps } from "../deps.ts";

type EntryPage = { readonly page: readonly Entry[]; readonly nextCursor: string | null };

/** A page of the entries of an account, newest first. Refuses: VALIDATION_FAILED (`cursor`) */
export async function readEntries(
  { database, ledger }: Pick<Deps, "database" | "ledger">,
  account: AccountId,
  input: z.output<typeof operations.transactions.list.input>,
): Promise<Outcome<EntryPage, Refusal<"VALIDATION_FAILED">>> {
  const before = sequenceCursor.read(input.cursor);
  if (!before.ok) return before;
  // Processes expirations first: the list has their transactions.
  await ledger.balance(account);
  const { kind, action, from, to, limit } = input;
  const filter = { kind, action, fromMs: parseTime(from), toMs: parseTime(to) };
  const entries = await database.history.entries(account, filter, { limit: limit + 1, before: before.value });
  return ok(pageOf(entries, limit, ({ sequence }) => sequenceCursor.write(sequence)));
}
