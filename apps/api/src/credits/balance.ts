import { operations } from "@jifen/contract";
import { accountOf, ok } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { implement } from "../trpc.ts";

/** Reads what the caller can spend now. */
export const balance = ({ ledger }: Deps) =>
  implement(operations.credits.balance, async ({ caller }) => {
    const account = await ledger.balance(accountOf(caller.userId));
    return ok({ balance: account.balance });
  });
