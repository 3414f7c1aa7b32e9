import { readPrivateKey, readPublicKey } from "../rsa-keys.ts";

/** How a user pays: by a QR code, on a page for computers, or on a page for phones. */
export const alipayMethods = ["qr", "page", "wap"] as const;

/** The settings of an Alipay app. */
export type AlipayConfig = {
  readonly appId: string;
  /** The app's private key: PEM, or base64 as the console shows it. */
  readonly privateKey: string;
  /** Alipay's public key for this app, not the app's own. */
  readonly alipayPublicKey: string;
  /** The merchant's account, `2088…`; undefined: not compared. */
  readonly sellerId: string | undefined;
  readonly methods: readonly (typeof alipayMethods)[number][];
  /** Another address than the real gateway: the sandbox, or a fake. */
  readonly gateway: string | undefined;
};

/** The real gateway. */
export const ALIPAY_GATEWAY = "https://openapi.alipay.com/gateway.do";

/** Whether real money moves at this address: the sandbox has another host. */
export const isLiveAlipay = (gateway: string): boolean => new URL(gateway).host === new URL(ALIPAY_GATEWAY).host;

/** What is wrong with a private key; undefined when it is one. */
export const privateKeyProblem = (text: string): string | undefined =>
  readPrivateKey(text) ? undefined : "must be an RSA private key, as PEM or as base64";

/** What is wrong with a public key; undefined when it is one. */
export const publicKeyProblem = (text: string): string | undefined =>
  readPublicKey(text) ? undefined : "must be an RSA public key, as PEM or as base64";
