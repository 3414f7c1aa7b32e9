import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { toBalanceFields } from "../credits/spending/read-balance.ts";
import type { Deps } from "./deps.ts";
import { findAccount } from "./find-account.ts";

const MAX_OPEN_HOLDS = 1_000;

/** Reads what the account of a user has, and what its entries through the last one in the balance add up to. */
export const find = ({ ledger, database }: Deps) =>
  implement(operations.accounts.find, async ({ input }) => {
    const account = await findAccount({ database }, input.userId);
    if (!account.ok) return account;
    // First, because it processes expirations: an expired hold is not open.
    const balance = await ledger.balance(account.value);
    const [openHolds, totals = null] = await Promise.all([
      database.history.countOpenHolds(account.value, MAX_OPEN_HOLDS),
      database.totals.read(account.value, balance.sequence),
    ]);
    return ok({ userId: input.userId, ...toBalanceFields(balance), openHolds, totals });
  });
