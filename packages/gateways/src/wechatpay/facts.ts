import { minorUnits, type PaymentFact } from "@jifen/billing";

/** Whose payment it is. */
export type WechatpayAccount = { readonly mchId: string; readonly appId: string; readonly live: boolean };

/** The fields of a transaction, of a notice or of a query. */
export type Transaction = Readonly<Record<string, unknown>>;

/** Whether a transaction belongs to this merchant. Its app can be another one, as after a change of the setting. */
export const isOf = (transaction: Transaction, { mchId }: WechatpayAccount): boolean => transaction["mchid"] === mchId;

/** The payment of a transaction; undefined when a part is missing. `total` is compared: a coupon can lower what the user pays. */
export function wechatpayFact(transaction: Transaction, account: WechatpayAccount): PaymentFact | undefined {
  const { out_trade_no: orderId, transaction_id: txnId, amount, success_time: time } = transaction;
  const { total, currency } = (amount ?? {}) as { total?: unknown; currency?: unknown };
  const paidAtMs = Date.parse(String(time));
  if (typeof orderId !== "string" || typeof txnId !== "string" || Number.isNaN(paidAtMs)) return undefined;
  if (typeof total !== "number" || !Number.isSafeInteger(total) || total < 0 || currency !== "CNY") return undefined;
  const money = { minor: minorUnits(total), currency: "CNY" } as const;
  return {
    ...{ channel: "wechatpay", merchant: account.mchId, live: account.live, orderId, txnId, amount: money, paidAtMs },
    isOtherApp: transaction["appid"] !== account.appId,
  };
}
