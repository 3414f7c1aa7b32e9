import { z } from "zod";
import { defineSettings } from "../../settings/define-settings.ts";
import { forms, same, zWholeNumber } from "../../settings/values.ts";

/** Settings of the billing module. */
export type BillingSettings = {
  /** For how long a quote fixes a price. */
  readonly quoteMinutes: number;
  /** Whether callers can name the amount of an action that the catalogue prices. */
  readonly arePricesEnforced: boolean;
};

/** Settings of the billing module. */
export const billingSettings = defineSettings({
  variables: {
    QUOTE_MINUTES: {
      schema: zWholeNumber(1, 1_440).default(15),
      type: forms.wholeNumber(1, 1_440),
      default: same("15"),
      description: { en: "For how many minutes a quote fixes a price.", zh: "报价的有效时间（分钟）。" },
    },
    PRICED_ACTIONS: {
      schema: z.enum(["offer", "enforce"], "must be offer or enforce").default("offer"),
      type: same("offer, enforce"),
      default: same("offer"),
      description: {
        en: "`enforce` refuses `amount` for actions that the catalogue prices, except by admins and keys with the scope `admin`.",
        zh: "`enforce` 表示目录已定价的操作不能再指定 `amount`（管理员和带 `admin` 权限的密钥除外）。",
      },
    },
  },
  read: (values): BillingSettings => ({
    quoteMinutes: values.QUOTE_MINUTES,
    arePricesEnforced: values.PRICED_ACTIONS === "enforce",
  }),
});
