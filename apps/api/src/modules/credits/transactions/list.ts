import { operations } from "@jifen/contract";
import { accountOf, ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readEntries } from "./read-entries.ts";
import { toTransactionOutput } from "./to-transaction.ts";

/** Lists the transactions of the caller, newest first. */
export const list = (deps: Deps) =>
  implement(operations.transactions.list, async ({ input, caller }) => {
    const read = await readEntries(deps, accountOf(caller.userId), input);
    if (!read.ok) return read;
    const { page, nextCursor } = read.value;
    return ok({ items: page.map((entry) => toTransactionOutput(entry, caller)), nextCursor });
  });
