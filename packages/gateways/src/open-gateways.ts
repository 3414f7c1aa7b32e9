import type { Channel, Gateway } from "@jifen/billing";
import type { AlipayConfig } from "./alipay/config.ts";
import type { DemoTrades } from "./demo/trade.ts";
import type { EpayConfig } from "./epay/config.ts";
import type { GatewayOptions } from "./options.ts";
import type { StripeConfig } from "./stripe/config.ts";
import type { WechatpayConfig } from "./wechatpay/config.ts";

/** The channels that are configured. */
export type GatewayConfigs = {
  readonly stripe?: StripeConfig | undefined;
  readonly alipay?: AlipayConfig | undefined;
  readonly wechatpay?: WechatpayConfig | undefined;
  readonly epay?: EpayConfig | undefined;
  /** Where the channel without money keeps its trades. Only outside production. */
  readonly demo?: DemoTrades | undefined;
};

/** Opens the configured channels. The SDK of a channel that is not configured is never loaded. Makes no request. */
export async function openGateways(
  { stripe, alipay, wechatpay, epay, demo }: GatewayConfigs,
  options: GatewayOptions = {},
): Promise<ReadonlyMap<Channel, Gateway>> {
  const opened: Gateway[] = [];
  if (stripe) opened.push((await import("./stripe/open-stripe.ts")).openStripe(stripe, options));
  if (alipay) opened.push((await import("./alipay/open-alipay.ts")).openAlipay(alipay, options));
  if (wechatpay) opened.push((await import("./wechatpay/open-wechatpay.ts")).openWechatpay(wechatpay, options));
  if (epay) opened.push((await import("./epay/open-epay.ts")).openEpay(epay, options));
  if (demo) opened.push((await import("./demo/open-demo.ts")).openDemo(demo, options));
  return new Map(opened.map((gateway) => [gateway.channel, gateway]));
}
