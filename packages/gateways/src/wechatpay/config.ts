import { X509Certificate } from "node:crypto";
import { pemOf, readPublicKey } from "../rsa-keys.ts";

/** The settings of a WeChat Pay merchant. */
export type WechatpayConfig = {
  readonly mchId: string;
  readonly appId: string;
  /** Serial number of the merchant's own certificate. */
  readonly certSerial: string;
  /** The merchant's private key, as PEM or base64. */
  readonly privateKey: string;
  /** 32 bytes: decrypts notices. */
  readonly apiV3Key: string;
  /** WeChat Pay's public key and its id; undefined while only certificates are used. */
  readonly publicKey: { readonly id: string; readonly key: string } | undefined;
  /** Platform certificates, as PEM one after the other; undefined when only the public key is used. */
  readonly platformCerts: string | undefined;
  /** Another address than the real one, for tests. */
  readonly apiUrl: string | undefined;
};

/** The hosts of WeChat Pay: the second one is for when the first one cannot be reached. There is no test mode. */
const officialHosts = ["api.mch.weixin.qq.com", "api2.mch.weixin.qq.com"];

/** Whether real money moves at this address. */
export const isLiveWechatpay = (apiUrl: string | undefined): boolean =>
  apiUrl === undefined || officialHosts.includes(new URL(apiUrl).host);

/** The keys of WeChat Pay by their serials: the public key and certificates are valid side by side while one replaces the other. */
export function platformKeysOf({ publicKey, platformCerts }: WechatpayConfig): Readonly<Record<string, string>> {
  const keys: Record<string, string> = {};
  const key = publicKey && readPublicKey(publicKey.key);
  if (publicKey && key) keys[publicKey.id] = pemOf(key);
  for (const pem of certificatesIn(platformCerts ?? "")) {
    const { serialNumber, publicKey: certified } = new X509Certificate(pem);
    keys[serialNumber] = pemOf(certified);
  }
  return keys;
}

const certificatesIn = (text: string): readonly string[] =>
  text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];

/** What is wrong with a list of platform certificates; undefined when each can be read. */
export function platformCertsProblem(text: string): string | undefined {
  const found = certificatesIn(text);
  const isReadable = (pem: string): boolean => {
    try {
      return new X509Certificate(pem).publicKey.asymmetricKeyType === "rsa";
    } catch {
      return false;
    }
  };
  return found.length > 0 && found.every(isReadable) ? undefined : "must be certificates as PEM";
}
