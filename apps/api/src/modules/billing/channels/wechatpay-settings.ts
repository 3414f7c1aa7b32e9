import { platformCertsProblem, privateKeyProblem, publicKeyProblem, type WechatpayConfig } from "@jifen/gateways";
import { z } from "zod";
import { defineSettings, type Environment } from "../../../settings/define-settings.ts";
import { forms, same } from "../../../settings/values.ts";
import { missingSettings, problemIssue } from "./half-configured.ts";
import { zUrl } from "./url.ts";

/** Settings of the channel `wechatpay`; undefined when it is off. */
export type WechatpaySettings = { readonly wechatpay: WechatpayConfig | undefined };

const required = [
  ...["WECHATPAY_MCH_ID", "WECHATPAY_APP_ID", "WECHATPAY_CERT_SERIAL", "WECHATPAY_PRIVATE_KEY"],
  "WECHATPAY_API_V3_KEY",
];

const pem = { en: "RSA key, PEM or base64", zh: "RSA 密钥，PEM 或 base64" };

/** WeChat Pay signs with its public key or with platform certificates; while one replaces the other, with either. */
function missingKeys(environment: Environment): string[] {
  const has = (name: string): boolean => environment[name] !== undefined;
  const [hasId, hasKey] = [has("WECHATPAY_PUBLIC_KEY_ID"), has("WECHATPAY_PUBLIC_KEY")];
  if (hasId !== hasKey) return ["WECHATPAY_PUBLIC_KEY_ID and WECHATPAY_PUBLIC_KEY belong together: set both"];
  const isOn = required.every(has);
  if (!isOn || hasKey || has("WECHATPAY_PLATFORM_CERTS")) return [];
  return ["WECHATPAY_PUBLIC_KEY with WECHATPAY_PUBLIC_KEY_ID, or WECHATPAY_PLATFORM_CERTS, is missing"];
}

/** Settings of the channel `wechatpay`. */
export const wechatpaySettings = defineSettings({
  variables: {
    WECHATPAY_MCH_ID: {
      schema: z
        .string()
        .regex(/^\d{8,12}$/, "must be the digits of a merchant")
        .optional(),
      type: { en: "digits", zh: "数字" },
      description: {
        en: "Merchant id of WeChat Pay: turns the channel `wechatpay` on.",
        zh: "微信支付商户号：设置后启用支付渠道 `wechatpay`。",
      },
    },
    WECHATPAY_APP_ID: {
      schema: z
        .string()
        .regex(/^wx\w{16}$/, "must be wx and 16 characters")
        .optional(),
      type: same("wx…"),
      description: { en: "App id that is bound to the merchant.", zh: "与商户号绑定的 AppID。" },
    },
    WECHATPAY_CERT_SERIAL: {
      schema: z
        .string()
        .regex(/^[\dA-Fa-f]{20,40}$/, "must be a serial number in hexadecimal")
        .optional(),
      type: { en: "hexadecimal digits", zh: "十六进制数字" },
      description: { en: "Serial number of the merchant's certificate.", zh: "商户 API 证书序列号。" },
    },
    WECHATPAY_PRIVATE_KEY: {
      schema: z.string().superRefine(problemIssue(privateKeyProblem)).optional(),
      type: pem,
      description: { en: "The merchant's private key.", zh: "商户 API 私钥。" },
      isSecret: true,
    },
    WECHATPAY_API_V3_KEY: {
      schema: z
        .string()
        .refine((text) => Buffer.byteLength(text) === 32, "must have 32 bytes")
        .optional(),
      type: { en: "32 bytes", zh: "32 字节" },
      description: { en: "API v3 key: decrypts notices.", zh: "APIv3 密钥：用于解密通知。" },
      isSecret: true,
    },
    WECHATPAY_PUBLIC_KEY_ID: {
      schema: z
        .string()
        .regex(/^PUB_KEY_ID_\d+$/, "must begin with PUB_KEY_ID_")
        .optional(),
      type: same("PUB_KEY_ID_…"),
      description: { en: "Id of WeChat Pay's public key.", zh: "微信支付公钥 ID。" },
    },
    WECHATPAY_PUBLIC_KEY: {
      schema: z.string().superRefine(problemIssue(publicKeyProblem)).optional(),
      type: pem,
      description: { en: "WeChat Pay's public key.", zh: "微信支付公钥。" },
      isSecret: true,
    },
    WECHATPAY_PLATFORM_CERTS: {
      schema: z.string().superRefine(problemIssue(platformCertsProblem)).optional(),
      type: { en: "certificates as PEM", zh: "PEM 格式的证书" },
      description: {
        en: "Platform certificates, in place of the public key or beside it while one replaces the other.",
        zh: "平台证书；替代公钥，或在切换期间与公钥并用。",
      },
      isSecret: true,
    },
    WECHATPAY_API_URL: {
      schema: zUrl.optional(),
      type: forms.url,
      description: { en: "Another address of WeChat Pay's API, for tests.", zh: "测试用的微信支付 API 地址。" },
    },
  },
  check: (environment) => [...missingSettings(environment, "WeChat Pay", required), ...missingKeys(environment)],
  read: (values): WechatpaySettings => {
    const { WECHATPAY_MCH_ID: mchId, WECHATPAY_APP_ID: appId, WECHATPAY_CERT_SERIAL: certSerial } = values;
    const { WECHATPAY_PRIVATE_KEY: privateKey, WECHATPAY_API_V3_KEY: apiV3Key } = values;
    if (mchId === undefined || appId === undefined || certSerial === undefined) return { wechatpay: undefined };
    if (privateKey === undefined || apiV3Key === undefined) return { wechatpay: undefined };
    const { WECHATPAY_PUBLIC_KEY_ID: id, WECHATPAY_PUBLIC_KEY: key } = values;
    const publicKey = id !== undefined && key !== undefined ? { id, key } : undefined;
    const { WECHATPAY_PLATFORM_CERTS: platformCerts, WECHATPAY_API_URL: apiUrl } = values;
    return { wechatpay: { mchId, appId, certSerial, privateKey, apiV3Key, publicKey, platformCerts, apiUrl } };
  },
});
