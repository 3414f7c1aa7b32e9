/** Fake payment gateways: real HTTP servers, written from the descriptions of the protocols with `node:crypto` alone. */
export { startAlipay } from "./alipay.ts";
export { startEpay } from "./epay.ts";
export type { FakeGateway } from "./fake-server.ts";
export type { Act } from "./pay-page.ts";
export { startStripe } from "./stripe.ts";
export type { Forgery, Switches } from "./switches.ts";
export { startWechatpay } from "./wechatpay.ts";
