import { createSign, createVerify, type KeyObject } from "node:crypto";

/** The keys and accounts of a fake Alipay. */
export type AlipayAccount = {
  readonly appId: string;
  readonly sellerId: string;
  /** The app's key: requests are signed with it. */
  readonly appKey: KeyObject;
  /** Alipay's key: answers and notices are signed with it. */
  readonly alipayKey: KeyObject;
  readonly foreignKey: KeyObject;
};

/** The text that Alipay signs: sorted fields with their values as they are. */
export const textOf = (fields: Readonly<Record<string, string>>, without: readonly string[]): string =>
  Object.keys(fields)
    .filter((name) => !without.includes(name) && fields[name] !== "")
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join("&");

/** A signature of Alipay. */
export const signatureOf = (text: string, key: KeyObject, digest = "RSA-SHA256"): string =>
  createSign(digest).update(text, "utf8").sign(key, "base64");

/** Whether a merchant's request is signed with the app's key. */
export const isSigned = (text: string, key: KeyObject, signature: string): boolean =>
  createVerify("RSA-SHA256").update(text, "utf8").verify(key, signature, "base64");
