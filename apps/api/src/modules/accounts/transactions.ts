import { operations } from "@jifen/contract";
import { ok, userId } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { readEntries } from "../credits/transactions/read-entries.ts";
import type { Deps } from "./deps.ts";
import { findAccount } from "./find-account.ts";
import { toAccountTransaction } from "./to-account-transaction.ts";

/** Lists the transactions of a user, newest first. */
export const transactions = (deps: Deps) =>
  implement(operations.accounts.transactions, async ({ input }) => {
    const account = await findAccount(deps, input.userId);
    if (!account.ok) return account;
    const read = await readEntries(deps, account.value, input);
    if (!read.ok) return read;
    const { page, nextCursor } = read.value;
    return ok({ items: page.map((entry) => toAccountTransaction(entry, userId(input.userId))), nextCursor });
  });
