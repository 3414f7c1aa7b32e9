import { type EpayConfig, epayUrlProblem } from "@jifen/gateways";
import { z } from "zod";
import { defineSettings } from "../../../settings/define-settings.ts";
import { forms, same, zSwitch } from "../../../settings/values.ts";
import { listOf, missingSettings, problemIssue } from "./half-configured.ts";

/** Settings of the channel `epay`; undefined when it is off. */
export type EpaySettings = { readonly epay: EpayConfig | undefined };

const required = ["EPAY_URL", "EPAY_PID", "EPAY_KEY"];

const zTypes = z
  .string()
  .transform(listOf)
  .refine(
    (types) => types.length > 0 && types.every((each) => /^[a-z]{2,20}$/.test(each)),
    "must be kinds of payment such as alipay, wxpay, separated by commas",
  );

/** Settings of the channel `epay`. */
export const epaySettings = defineSettings({
  variables: {
    EPAY_URL: {
      schema: z.string().superRefine(problemIssue(epayUrlProblem)).optional(),
      type: forms.url,
      description: {
        en: "Address of an epay gateway: turns the channel `epay` on.",
        zh: "易支付网关地址：设置后启用支付渠道 `epay`。",
      },
    },
    EPAY_PID: {
      schema: z
        .string()
        .regex(/^\w{1,32}$/, "must be the id of a merchant")
        .optional(),
      type: forms.text,
      description: { en: "Id of the merchant.", zh: "商户 ID。" },
    },
    EPAY_KEY: {
      schema: z
        .string()
        .regex(/^\S{8,128}$/, "must be 8 to 128 characters without spaces")
        .optional(),
      type: forms.text,
      description: { en: "Key of the merchant.", zh: "商户密钥。" },
      isSecret: true,
    },
    EPAY_TYPES: {
      schema: zTypes.prefault("alipay,wxpay"),
      type: { en: "names, separated by commas", zh: "名称，用逗号分隔" },
      default: same("alipay,wxpay"),
      description: {
        en: "Kinds of payment that the merchant has. The first is the default.",
        zh: "商户开通的支付方式。第一个为默认值。",
      },
    },
    EPAY_MODE: {
      schema: z.enum(["redirect", "api"], "must be redirect or api").default("redirect"),
      type: same("redirect, api"),
      default: same("redirect"),
      description: {
        en: "`redirect`: the browser opens `submit.php`. `api`: the server asks `mapi.php`.",
        zh: "`redirect`：浏览器打开 `submit.php`。`api`：服务器请求 `mapi.php`。",
      },
    },
    EPAY_CONFIRM: {
      schema: z.enum(["query", "off"], "must be query or off").default("query"),
      type: same("query, off"),
      default: same("query"),
      description: {
        en: "`query`: a notice counts only after a query. `off` is for gateways without queries.",
        zh: "`query`：通知须经查询确认。`off` 用于不支持查询的网关。",
      },
    },
    EPAY_REFUND: {
      schema: zSwitch.default(false),
      type: forms.switch,
      default: same("off"),
      description: { en: "`on`: the gateway offers refunds by API.", zh: "`on`：网关支持接口退款。" },
    },
  },
  check: (environment) => missingSettings(environment, "epay", required),
  read: (values): EpaySettings => {
    const { EPAY_URL: url, EPAY_PID: pid, EPAY_KEY: key } = values;
    if (url === undefined || pid === undefined || key === undefined) return { epay: undefined };
    return {
      epay: {
        ...{ url, pid, key, types: values.EPAY_TYPES, mode: values.EPAY_MODE },
        ...{ isConfirmed: values.EPAY_CONFIRM === "query", canRefund: values.EPAY_REFUND },
      },
    };
  },
});
