import { operations } from "@jifen/contract";
import { accountOf, ok, refuse, transactionId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { explainPrice } from "../../billing/pricing/explain-price.ts";
import type { Deps } from "../deps.ts";
import { readDetails } from "./read-details.ts";
import { toTransactionOutput } from "./to-transaction.ts";

/** Finds a transaction of the caller, with its hold, grants and refunds. */
export const find = ({ database: { history }, ledger, pricing }: Deps) =>
  implement(operations.transactions.find, async ({ input, caller }) => {
    const account = accountOf(caller.userId);
    // Processes expirations first: an expired hold is not pending.
    await ledger.balance(account);
    const entry = await history.entry(transactionId(input.transactionId), account);
    if (!entry) return refuse({ code: "TRANSACTION_NOT_FOUND" });
    const [details, price] = await Promise.all([readDetails(history, entry), explainPrice(pricing, entry)]);
    return ok({ ...toTransactionOutput(entry, caller), ...details, price: price?.forUser ?? null });
  });
