import type { Wording } from "@jifen/contract";
import type { GrantSource } from "@jifen/core";

/** The words of a statement. */
export const texts = {
  title: { zh: "积分对账单", en: "Statement of credits" },
  account: { zh: "账户", en: "Account" },
  period: { zh: "期间", en: "Period" },
  timeZone: { zh: "时区", en: "Time zone" },
  final: { zh: "已结算", en: "Final" },
  provisional: { zh: "未结算", en: "Provisional" },
  asOf: { zh: "截至", en: "As of" },
  month: { zh: "月份", en: "Month" },
  user: { zh: "用户", en: "User" },
  item: { zh: "项目", en: "Item" },
  detail: { zh: "明细", en: "Detail" },
  count: { zh: "笔数", en: "Count" },
  credits: { zh: "积分", en: "Credits" },
  ofWhichHeld: { zh: "其中预扣", en: "Of which held" },
  available: { zh: "可用", en: "Available" },
  held: { zh: "预扣", en: "Held" },
  opening: { zh: "期初结余", en: "Opening balance" },
  granted: { zh: "发放", en: "Granted" },
  revoked: { zh: "收回", en: "Revoked" },
  spent: { zh: "消费", en: "Spent" },
  refunded: { zh: "退款", en: "Refunded" },
  expired: { zh: "过期", en: "Expired" },
  closing: { zh: "期末结余", en: "Closing balance" },
  change: { zh: "本期变动", en: "Change" },
  otherActions: { zh: "其他操作", en: "Other actions" },
  notes: { zh: "说明", en: "Notes" },
  heldNote: {
    zh: "结余包含预扣的积分：预扣在确认扣费后才计为消费，释放或到期则退回可用积分。",
    en: "Balances include held credits. A hold is spent once it is captured; otherwise its credits become available again.",
  },
  expiredNote: {
    zh: "过期积分计入其过期入账的月份。",
    en: "Expired credits count in the month in which their expiration was booked.",
  },
  finalNote: {
    zh: "本月已结束，对账单不再变动；期末结余即下月的期初结余。",
    en: "The month is over and this statement does not change. Its closing balance is the opening balance of the next month.",
  },
  provisionalNote: {
    zh: "本月尚未结算，数字仍会变动。",
    en: "The month is not settled: these figures still change.",
  },
} as const satisfies Record<string, Wording>;

/** The sources of grants. */
export const sourceTexts: Readonly<Record<GrantSource, Wording>> = {
  initial: { zh: "初始赠送", en: "Initial credits" },
  purchase: { zh: "购买", en: "Purchase" },
  bonus: { zh: "购买赠送", en: "Bonus" },
  plan: { zh: "套餐", en: "Plan" },
  code: { zh: "兑换码", en: "Code" },
  referral: { zh: "邀请", en: "Referral" },
  refund: { zh: "退款补偿", en: "Refund" },
  admin: { zh: "人工发放", en: "Manual grant" },
  import: { zh: "导入", en: "Import" },
};
