import { operations } from "@jifen/contract";
import { accountOf, ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";

/** Reads the balance of the caller, the held credits, and what expires next. */
export const balance = ({ ledger }: Deps) =>
  implement(operations.credits.balance, async ({ caller }) => {
    const { balance: available, held, expiring } = await ledger.balance(accountOf(caller.userId));
    return ok({
      balance: available,
      held,
      expiring: expiring && { amount: expiring.amount, expiresAt: isoTime(expiring.expiresAtMs) },
    });
  });
