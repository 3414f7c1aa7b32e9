import type { AccountId } from "@jifen/core";
import type { Balance, Ledger } from "@jifen/ledger";
import { isoTime } from "../../../values/iso-time.ts";

/** What an account has, as the output of operations. */
export const readBalance = async (ledger: Pick<Ledger, "balance">, account: AccountId) =>
  toBalanceFields(await ledger.balance(account));

/** The output fields of a balance. */
export const toBalanceFields = ({ balance, held, expiring }: Balance) => ({
  balance,
  held,
  expiring: expiring && { amount: expiring.amount, expiresAt: isoTime(expiring.expiresAtMs) },
});
