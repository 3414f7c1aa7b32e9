import { type Gateway, type GatewayFinding, type GatewayLimits, minorUnits } from "@jifen/billing";
import { invariant } from "@jifen/core";
import { AlipaySdk } from "alipay-sdk";
import { checkRequest } from "../check-request.ts";
import { clockFinding } from "../clock-finding.ts";
import { failureFinding } from "../failures.ts";
import { type GatewayOptions, withDefaults } from "../options.ts";
import { callProvider } from "../provider-call.ts";
import { pemOf, readPrivateKey, readPublicKey } from "../rsa-keys.ts";
import type { AlipayCall } from "./call.ts";
import { ALIPAY_GATEWAY, type AlipayConfig, isLiveAlipay } from "./config.ts";
import { readAlipayNotice } from "./notice.ts";
import { findRefund, refundTrade } from "./refunds.ts";
import { closeTrade, createTrade, findTrade } from "./trades.ts";

const MINUTE_MS = 60_000;

/** Opens an Alipay app. Makes no request. */
export function openAlipay(config: AlipayConfig, options: GatewayOptions = {}): Gateway {
  const { now, timeoutMs } = withDefaults(options);
  const gateway = config.gateway ?? ALIPAY_GATEWAY;
  const [privateKey, publicKey] = [readPrivateKey(config.privateKey), readPublicKey(config.alipayPublicKey)];
  // Without the public key the SDK would accept every answer.
  invariant(
    privateKey !== undefined && publicKey !== undefined,
    "an Alipay app has a private key and Alipay's public key",
  );
  const sdk = new AlipaySdk({
    ...{ appId: config.appId, privateKey: pemOf(privateKey), alipayPublicKey: pemOf(publicKey), keyType: "PKCS8" },
    ...{ gateway, timeout: timeoutMs, camelcase: false, signType: "RSA2" },
  });
  const live = isLiveAlipay(gateway);
  const call: AlipayCall = { sdk, config, live, now };
  const limits: GatewayLimits = {
    currencies: [{ currency: "CNY", minMinor: minorUnits(1), maxMinor: minorUnits(10_000_000_000) }],
    methods: config.methods,
    // A code that was not scanned ends after two hours.
    ...{ shortestMs: MINUTE_MS, longestMs: 120 * MINUTE_MS },
    ...{ canClose: true, refundGapMs: 3_000, canRefundParts: true },
  };
  return {
    ...{ channel: "alipay", merchant: config.appId, live, limits },
    create: async (request) => {
      const checked = checkRequest(request, limits);
      return checked.ok ? createTrade(call, request) : checked;
    },
    find: (order) => findTrade(call, order),
    close: (order) => closeTrade(call, order),
    readNotice: (raw) => readAlipayNotice(raw, call),
    answer: (verdict) => ({ status: 200, type: "text/plain", body: verdict === "recorded" ? "success" : "fail" }),
    refund: (request) => refundTrade(call, request),
    findRefund: (refund) => findRefund(call, refund),
    examine: (nowMs) => examine(call, { gateway, timeoutMs, nowMs }),
  };
}

type Examination = { readonly gateway: string; readonly timeoutMs: number; readonly nowMs: number };

/** An order that cannot exist must be answered as such, with a valid signature. */
async function examine(
  call: AlipayCall,
  { gateway, timeoutMs, nowMs }: Examination,
): Promise<readonly GatewayFinding[]> {
  const amount = { minor: minorUnits(1), currency: "CNY" } as const;
  const order = { orderId: "0".repeat(32), amount, method: "qr", createdAtMs: 0, expiresAtMs: 0 };
  const found = await findTrade(call, { ...order, isPayable: false, providerRef: null });
  if (!found.ok) return [failureFinding(found.refusal)];
  const keys: GatewayFinding = { check: "keys", isGood: true, details: `app ${call.config.appId}` };
  const answer = await callProvider({ method: "GET", url: gateway, timeoutMs });
  return [keys, ...clockFinding(answer.ok ? answer.value.dateMs : undefined, nowMs)];
}
