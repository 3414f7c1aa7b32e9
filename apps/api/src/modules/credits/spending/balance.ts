import { operations } from "@jifen/contract";
import { accountOf, ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";

/** Reads what the caller can spend now, what is set aside, and what expires next. */
export const balance = ({ ledger }: Deps) =>
  implement(operations.credits.balance, async ({ caller }) => {
    const { balance: spendable, held, expiring } = await ledger.balance(accountOf(caller.userId));
    return ok({
      balance: spendable,
      held,
      expiring: expiring && { amount: expiring.amount, expiresAt: isoTime(expiring.expiresAtMs) },
    });
  });
