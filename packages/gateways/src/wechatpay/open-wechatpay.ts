import { randomUUID } from "node:crypto";
import { type Gateway, type GatewayFinding, type GatewayLimits, minorUnits } from "@jifen/billing";
import { invariant } from "@jifen/core";
import { checkRequest } from "../check-request.ts";
import { clockFinding } from "../clock-finding.ts";
import { failureFinding } from "../failures.ts";
import { type GatewayOptions, withDefaults } from "../options.ts";
import { openWechatpayClient } from "./call.ts";
import { isLiveWechatpay, platformKeysOf, type WechatpayConfig } from "./config.ts";
import { readWechatpayNotice } from "./notice.ts";
import { findNativeRefund, refundNative } from "./refunds.ts";
import { closeNative, createNative, findNative, type WechatpayCall } from "./trades.ts";

const MINUTE_MS = 60_000;
const API_V3_KEY_BYTES = 32;

/** Opens a WeChat Pay merchant, by its API of version 3. Makes no request. */
export function openWechatpay(config: WechatpayConfig, options: GatewayOptions = {}): Gateway {
  const { timeoutMs } = withDefaults(options);
  const platformKeys = platformKeysOf(config);
  invariant(Object.keys(platformKeys).length > 0, "a WeChat Pay merchant has a public key or platform certificates");
  invariant(Buffer.byteLength(config.apiV3Key) === API_V3_KEY_BYTES, "an API v3 key has 32 bytes");
  const live = isLiveWechatpay(config.apiUrl);
  const account = { mchId: config.mchId, appId: config.appId, live };
  const call: WechatpayCall = { ask: openWechatpayClient(config, timeoutMs), account };
  const limits: GatewayLimits = {
    currencies: [{ currency: "CNY", minMinor: minorUnits(1), maxMinor: minorUnits(10_000_000_000) }],
    methods: ["native"],
    ...{ shortestMs: MINUTE_MS, longestMs: 120 * MINUTE_MS },
    ...{ canClose: true, refundGapMs: MINUTE_MS, canRefundParts: true },
  };
  return {
    ...{ channel: "wechatpay", merchant: config.mchId, live, limits },
    create: async (request) => {
      const checked = checkRequest(request, limits);
      return checked.ok ? createNative(call, request) : checked;
    },
    find: (order) => findNative(call, order),
    close: (order) => closeNative(call, order),
    readNotice: (raw, nowMs) => readWechatpayNotice(raw, { account, platformKeys, apiV3Key: config.apiV3Key, nowMs }),
    answer: (verdict) => {
      if (verdict === "recorded") return { status: 204, type: "application/json", body: "" };
      const status = verdict === "forged" ? 401 : 503;
      return { status, type: "application/json", body: JSON.stringify({ code: "FAIL", message: verdict }) };
    },
    refund: (request) => refundNative(call, request),
    findRefund: (refund) => findNativeRefund(call, refund),
    examine: (nowMs) => examine(call, nowMs),
  };
}

/** Refusals are not signed, so that only a success proves the keys: an order of 0.01, which is closed immediately. */
async function examine({ ask, account }: WechatpayCall, nowMs: number): Promise<readonly GatewayFinding[]> {
  const orderId = randomUUID().replaceAll("-", "");
  const made = await ask({
    method: "POST",
    url: "/v3/pay/transactions/native",
    data: {
      ...{ appid: account.appId, mchid: account.mchId, description: "Jifen", out_trade_no: orderId },
      ...{ notify_url: "https://example.com/", amount: { total: 1, currency: "CNY" } },
    },
  });
  if (!made.ok) return [failureFinding(made.refusal)];
  const closed = await ask({
    ...{ method: "POST", url: `/v3/pay/transactions/out-trade-no/${orderId}/close`, data: { mchid: account.mchId } },
  });
  const keys: GatewayFinding = { check: "keys", isGood: true, details: `merchant ${account.mchId}` };
  const dateMs = Number.isNaN(made.value.dateMs) ? undefined : made.value.dateMs;
  return [keys, ...(closed.ok ? [] : [failureFinding(closed.refusal)]), ...clockFinding(dateMs, nowMs)];
}
