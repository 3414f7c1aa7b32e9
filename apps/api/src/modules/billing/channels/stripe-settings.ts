import { type Currency, isCurrency } from "@jifen/billing";
import { type StripeConfig, stripeCurrencies, stripeKeyProblem } from "@jifen/gateways";
import { z } from "zod";
import { defineSettings } from "../../../settings/define-settings.ts";
import { forms, same, zSwitch } from "../../../settings/values.ts";
import { listOf, missingSettings, problemIssue } from "./half-configured.ts";
import { zUrl } from "./url.ts";

/** Settings of the channel `stripe`; undefined when it is off. */
export type StripeSettings = { readonly stripe: StripeConfig | undefined };

const required = ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"];

const isSold = (code: string): code is Currency => isCurrency(code) && stripeCurrencies.includes(code);

const zSecrets = z
  .string()
  .transform(listOf)
  .refine(
    (secrets) => secrets.length > 0 && secrets.every((each) => /^whsec_\S+$/.test(each)),
    "must be secrets that begin with whsec_, separated by commas",
  );

const zCurrencies = z
  .string()
  .transform((text) => listOf(text.toUpperCase()))
  .refine((codes) => codes.length > 0 && codes.every(isSold), `must be some of ${stripeCurrencies.join(", ")}`)
  .transform((codes) => codes.filter(isSold));

/** Settings of the channel `stripe`. */
export const stripeSettings = defineSettings({
  variables: {
    STRIPE_SECRET_KEY: {
      schema: z.string().superRefine(problemIssue(stripeKeyProblem)).optional(),
      type: same("sk_live_…, sk_test_…, rk_live_…, rk_test_…"),
      description: {
        en: "Secret key of Stripe: turns the channel `stripe` on.",
        zh: "Stripe 密钥：设置后启用支付渠道 `stripe`。",
      },
      isSecret: true,
    },
    STRIPE_WEBHOOK_SECRET: {
      schema: zSecrets.optional(),
      type: { en: "whsec_…, several separated by commas", zh: "whsec_…，多个用逗号分隔" },
      description: {
        en: "Signing secret of the webhook endpoint; the old and the new one while it is replaced.",
        zh: "Webhook 签名密钥；更换期间填写新旧两个。",
      },
      isSecret: true,
    },
    STRIPE_CURRENCIES: {
      schema: zCurrencies.prefault("USD"),
      type: { en: "currency codes, separated by commas", zh: "货币代码，用逗号分隔" },
      default: same("USD"),
      description: {
        en: "Currencies of orders; the first is the default.",
        zh: "订单可用的货币；第一个为默认值。",
      },
    },
    STRIPE_TAX: {
      schema: zSwitch.default(false),
      type: forms.switch,
      default: same("off"),
      description: {
        en: "`on`: Stripe computes taxes, which come on top of the price.",
        zh: "`on`：由 Stripe 计算税费，加在价格之上。",
      },
    },
    STRIPE_INVOICES: {
      schema: zSwitch.default(false),
      type: forms.switch,
      default: same("off"),
      description: { en: "`on`: Stripe makes and sends an invoice.", zh: "`on`：由 Stripe 生成并发送发票。" },
    },
    STRIPE_API_URL: {
      schema: zUrl.optional(),
      type: forms.url,
      description: { en: "Another address of Stripe's API, for tests.", zh: "测试用的 Stripe API 地址。" },
    },
  },
  check: (environment) => missingSettings(environment, "Stripe", required),
  read: (values): StripeSettings => {
    const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecrets } = values;
    if (secretKey === undefined || webhookSecrets === undefined) return { stripe: undefined };
    return {
      stripe: {
        ...{ secretKey, webhookSecrets, currencies: values.STRIPE_CURRENCIES, hasTax: values.STRIPE_TAX },
        ...{ hasInvoices: values.STRIPE_INVOICES, apiUrl: values.STRIPE_API_URL },
      },
    };
  },
});
