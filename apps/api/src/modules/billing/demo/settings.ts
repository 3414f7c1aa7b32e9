import { defineSettings } from "../../../settings/define-settings.ts";
import { forms, isOn, same, zSwitch } from "../../../settings/values.ts";

/** Settings about money that is not real. `isTestMoneyRefused`: a channel of test money stops the start. */
export type DemoSettings = { readonly isDemoOn: boolean; readonly isTestMoneyRefused: boolean };

/** Settings about money that is not real. */
export const demoSettings = defineSettings({
  variables: {
    PAY_DEMO: {
      schema: zSwitch.default(false),
      type: forms.switch,
      default: same("off"),
      description: {
        en: "`on`: the payment channel `demo`, whose orders are paid with a click and without money. Not in production.",
        zh: "`on`：启用支付渠道 `demo`，点击即可付款，不涉及真实资金。不能用于生产环境。",
      },
    },
    PAY_TEST: {
      schema: zSwitch.default(false),
      type: forms.switch,
      default: same("off"),
      description: {
        en: "`on`: with `NODE_ENV=production`, channels of test money are accepted (Stripe test keys, sandboxes), whose payments give credits. For a staging server: everyone can buy without paying.",
        zh: "`on`：`NODE_ENV=production` 时也接受测试资金的渠道（Stripe 测试密钥、沙箱），其付款会发放积分。仅用于预发布环境：任何人都可以不付钱购买。",
      },
    },
  },
  check: ({ PAY_DEMO }, { isProduction }) =>
    isProduction && isOn(PAY_DEMO)
      ? ["PAY_DEMO must be off with NODE_ENV=production: everyone could take credits without paying"]
      : [],
  read: ({ PAY_DEMO, PAY_TEST }, { isProduction }): DemoSettings => ({
    isDemoOn: PAY_DEMO,
    isTestMoneyRefused: isProduction && !PAY_TEST,
  }),
});
