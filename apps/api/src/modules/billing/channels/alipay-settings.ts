import { type AlipayConfig, alipayMethods, privateKeyProblem, publicKeyProblem } from "@jifen/gateways";
import { z } from "zod";
import { defineSettings } from "../../../settings/define-settings.ts";
import { forms, same } from "../../../settings/values.ts";
import { listOf, missingSettings, problemIssue } from "./half-configured.ts";
import { zUrl } from "./url.ts";

/** Settings of the channel `alipay`; undefined when it is off. */
export type AlipaySettings = { readonly alipay: AlipayConfig | undefined };

const required = ["ALIPAY_APP_ID", "ALIPAY_PRIVATE_KEY", "ALIPAY_PUBLIC_KEY"];

type Method = (typeof alipayMethods)[number];
const isMethod = (text: string): text is Method => alipayMethods.some((each) => each === text);

const zMethods = z
  .string()
  .transform(listOf)
  .refine((methods) => methods.length > 0 && methods.every(isMethod), `must be some of ${alipayMethods.join(", ")}`)
  .transform((methods) => methods.filter(isMethod));

const key = { en: "RSA key, PEM or base64", zh: "RSA 密钥，PEM 或 base64" };

/** Settings of the channel `alipay`. */
export const alipaySettings = defineSettings({
  variables: {
    ALIPAY_APP_ID: {
      schema: z
        .string()
        .regex(/^\d{10,32}$/, "must be the digits of an app id")
        .optional(),
      type: { en: "digits", zh: "数字" },
      description: {
        en: "App id of Alipay: turns the channel `alipay` on.",
        zh: "支付宝应用 ID：设置后启用支付渠道 `alipay`。",
      },
    },
    ALIPAY_PRIVATE_KEY: {
      schema: z.string().superRefine(problemIssue(privateKeyProblem)).optional(),
      type: key,
      description: { en: "The app's private key.", zh: "应用私钥。" },
      isSecret: true,
    },
    ALIPAY_PUBLIC_KEY: {
      schema: z.string().superRefine(problemIssue(publicKeyProblem)).optional(),
      type: key,
      description: {
        en: "Alipay's public key for the app, not the app's own.",
        zh: "支付宝公钥，不是应用公钥。",
      },
      isSecret: true,
    },
    ALIPAY_SELLER_ID: {
      schema: z
        .string()
        .regex(/^2088\d{12}$/, "must be 16 digits that begin with 2088")
        .optional(),
      type: same("2088…"),
      description: {
        en: "The merchant's account: notices for another one are refused.",
        zh: "商户账号：拒绝其他商户的通知。",
      },
    },
    ALIPAY_METHODS: {
      schema: zMethods.prefault(alipayMethods.join(",")),
      type: { en: "some of qr, page, wap, separated by commas", zh: "qr、page、wap 中的若干个，用逗号分隔" },
      default: same(alipayMethods.join(",")),
      description: {
        en: "Ways to pay: QR code, page for computers, page for phones. The first is the default.",
        zh: "支付方式：二维码、电脑网站、手机网站。第一个为默认值。",
      },
    },
    ALIPAY_GATEWAY: {
      schema: zUrl.optional(),
      type: forms.url,
      description: { en: "Another gateway: the sandbox, or a fake.", zh: "其他网关：沙箱或模拟网关。" },
    },
  },
  check: (environment) => missingSettings(environment, "Alipay", required),
  read: (values): AlipaySettings => {
    const { ALIPAY_APP_ID: appId, ALIPAY_PRIVATE_KEY: privateKey, ALIPAY_PUBLIC_KEY: alipayPublicKey } = values;
    if (appId === undefined || privateKey === undefined || alipayPublicKey === undefined) return { alipay: undefined };
    const { ALIPAY_SELLER_ID: sellerId, ALIPAY_METHODS: methods, ALIPAY_GATEWAY: gateway } = values;
    return { alipay: { appId, privateKey, alipayPublicKey, sellerId, methods, gateway } };
  },
});
