import { z } from "zod";
import type { Rate } from "../../http/rate-limits/counters.ts";
import { rateForm, zRate } from "../../http/settings.ts";
import { defineSettings } from "../../settings/define-settings.ts";
import { forms, same, zWholeNumber } from "../../settings/values.ts";
import { type AllowedNetworks, parseNetwork } from "./allowed-address.ts";

const DAY_MS = 86_400_000;

/** Settings of the webhooks module. */
export type WebhooksSettings = {
  /** Networks that endpoints of admins can be in although they are not public. */
  readonly webhookNetworks: AllowedNetworks;
  /** Endpoints that one owner creates or tests. undefined: no limit. */
  readonly webhookRate: Rate | undefined;
  /** How long deliveries that are final are kept. */
  readonly webhookRetentionMs: number;
};

const zNetworks = z.string().transform((text, issue) =>
  text.split(",").flatMap((each, index) => {
    const network = parseNetwork(each.trim());
    if (network === undefined) {
      issue.addIssue(`must be addresses or networks, such as 10.0.0.0/8,::1 (entry ${index + 1})`);
      return [];
    }
    return [network];
  }),
);

/** Settings of the webhooks module. */
export const webhooksSettings = defineSettings({
  variables: {
    WEBHOOK_ALLOW: {
      schema: zNetworks.default([]),
      type: { en: "addresses or networks, separated by commas", zh: "地址或网段，逗号分隔" },
      description: {
        en: "Private addresses to which events may be sent, also without TLS, only for endpoints of admins. Other private, loopback and link-local addresses are refused.",
        zh: "允许投递事件的内网地址，也可不用 TLS，仅限管理员的端点。其他内网、回环和链路本地地址一律拒绝。",
      },
    },
    RATE_LIMIT_WEBHOOKS: {
      schema: zRate.prefault("10/1m"),
      type: rateForm,
      default: same("10/1m"),
      description: {
        en: "Webhook endpoints that one user creates or tests.",
        zh: "每个用户创建和测试 Webhook 端点的次数。",
      },
    },
    WEBHOOK_RETENTION_DAYS: {
      schema: zWholeNumber(1, 3_650).default(90),
      type: forms.wholeNumber(1, 3_650),
      default: same("90"),
      description: {
        en: "After how many days deliveries of events that are final are removed.",
        zh: "已完结的事件投递在多少天后删除。",
      },
    },
  },
  read: (values): WebhooksSettings => ({
    webhookNetworks: values.WEBHOOK_ALLOW,
    webhookRate: values.RATE_LIMIT_WEBHOOKS,
    webhookRetentionMs: values.WEBHOOK_RETENTION_DAYS * DAY_MS,
  }),
});
