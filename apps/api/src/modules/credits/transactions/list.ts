import { operations } from "@jifen/contract";
import { accountOf, ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { pageOf, sequenceCursor } from "../../../values/cursor.ts";
import { parseTime } from "../../../values/parse-time.ts";
import type { Deps } from "../deps.ts";
import { toTransactionOutput } from "./to-transaction.ts";

/** Lists the transactions of the caller, newest first. */
export const list = ({ database, ledger }: Deps) =>
  implement(operations.transactions.list, async ({ input, caller }) => {
    const before = sequenceCursor.read(input.cursor);
    if (!before.ok) return before;
    const account = accountOf(caller.userId);
    // Processes expirations first: the list has their transactions.
    await ledger.balance(account);
    const { kind, action, from, to, limit } = input;
    const filter = { kind, action, fromMs: parseTime(from), toMs: parseTime(to) };
    const transactions = await database.history.entries(account, filter, {
      limit: limit + 1,
      before: before.value,
    });
    const { page, nextCursor } = pageOf(transactions, limit, ({ sequence }) => sequenceCursor.write(sequence));
    return ok({ items: page.map((entry) => toTransactionOutput(entry, caller)), nextCursor });
  });
