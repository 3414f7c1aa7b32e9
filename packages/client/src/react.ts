"use client";

export {
  type Balance,
  type Grant,
  type Hold,
  type Statement,
  type Transaction,
  useBalance,
  useExplanation,
  useGrants,
  useHolds,
  useStatement,
  useTransactions,
} from "./react/account.ts";
export { type Charge, type Shortage, useChargedAction, useConsume } from "./react/charge.ts";
export { useErrorText } from "./react/error-text.ts";
export type { Loaded, Pages } from "./react/loaded.ts";
export {
  type NewOrder,
  type Order,
  type OrderState,
  type Pack,
  type TopUp,
  useOrder,
  useOrders,
  useTopUp,
} from "./react/order.ts";
export { JifenProvider, type JifenProviderProps, useJifen } from "./react/provider.tsx";
export { type Quote, useQuote } from "./react/quote.ts";
export { type Redeemed, type Redeeming, useRedeem } from "./react/redeem.ts";
export { type NewKey, type ServiceKey, type ServiceKeys, useServiceKeys } from "./react/service-keys.ts";
export { type Usage, useUsage } from "./react/usage.ts";
export { moneyText, useTimeText, useWords } from "./react/words.ts";
export type { JifenFailure, JifenResult } from "./result.ts";
