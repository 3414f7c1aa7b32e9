import { type PaymentFact, parseMoney } from "@jifen/billing";
import { parseBeijingTime } from "../beijing-time.ts";
import type { Fields } from "../form-fields.ts";

/** Whose fact it is. */
export type EpayAccount = { readonly merchant: string; readonly live: boolean };

/** The payment that a notice or a query names; undefined when a part is missing or is no amount of yuan. */
export function epayFact(fields: Fields, account: EpayAccount, nowMs: number): PaymentFact | undefined {
  const { out_trade_no: orderId, trade_no: txnId, money } = fields;
  const amount = parseMoney(money ?? "", "CNY");
  if (!orderId || !txnId || !amount.ok) return undefined;
  const paidAtMs = parseBeijingTime(fields["endtime"]) ?? nowMs;
  return { channel: "epay", ...account, orderId, txnId, amount: amount.value, paidAtMs };
}
