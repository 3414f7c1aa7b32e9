export { type AlipayConfig, alipayMethods, privateKeyProblem, publicKeyProblem } from "./alipay/config.ts";
export { actOnDemoTrade } from "./demo/change-trade.ts";
export {
  type DemoAct,
  type DemoTrade,
  type DemoTrades,
  demoActs,
  possibleActs,
  toDemoTrade,
} from "./demo/trade.ts";
export { type EpayConfig, epayUrlProblem } from "./epay/config.ts";
export { failureText } from "./failures.ts";
export { type GatewayConfigs, openGateways } from "./open-gateways.ts";
export type { GatewayOptions } from "./options.ts";
export { type StripeConfig, stripeCurrencies, stripeKeyProblem } from "./stripe/config.ts";
export { platformCertsProblem, type WechatpayConfig } from "./wechatpay/config.ts";
