import { operations } from "@jifen/contract";
import { accountOf, ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { pageOf, sequenceCursor } from "../../../values/cursor.ts";
import { parseTime } from "../../../values/parse-time.ts";
import type { Deps } from "../deps.ts";
import { toTransactionOutput } from "./to-transaction.ts";

/** Lists what happened to the caller's credits, newest first. */
export const list = ({ database, ledger }: Deps) =>
  implement(operations.transactions.list, async ({ input, caller }) => {
    const before = sequenceCursor.read(input.cursor);
    if (!before.ok) return before;
    const account = accountOf(caller.userId);
    // Books what is due first: what has expired is in the list.
    await ledger.balance(account);
    const { kind, action, from, to, limit } = input;
    const filter = { kind, action, fromMs: parseTime(from), toMs: parseTime(to) };
    const transactions = await database.history.entries(account, filter, {
      limit: limit + 1,
      before: before.value,
    });
    const { page, nextCursor } = pageOf(transactions, limit, ({ sequence }) => sequenceCursor.write(sequence));
    return ok({ items: page.map(toTransactionOutput), nextCursor });
  });
