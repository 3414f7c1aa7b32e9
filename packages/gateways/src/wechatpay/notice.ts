import type { ForgedNotice, Notice, RawNotice } from "@jifen/billing";
import { type Outcome, ok } from "@jifen/core";
import { Aes, Formatter, Rsa } from "wechatpay-axios-plugin";
import { forged } from "../failures.ts";
import { isOf, type Transaction, type WechatpayAccount, wechatpayFact } from "./facts.ts";

/** What a notice is verified with. */
export type WechatpayNoticeContext = {
  readonly account: WechatpayAccount;
  readonly platformKeys: Readonly<Record<string, string>>;
  readonly apiV3Key: string;
  readonly nowMs: number;
};

/** How far the time of a notice can be from ours. */
const TOLERANCE_SECONDS = 300;
const PROBE = "WECHATPAY/SIGNTEST/";

/** Verifies and decrypts a notice. It proves a payment by itself; for refunds WeChat Pay is asked. */
export function readWechatpayNotice(raw: RawNotice, context: WechatpayNoticeContext): Outcome<Notice, ForgedNotice> {
  const body = Buffer.from(raw.body).toString("utf8");
  const reason = raw.method === "POST" && body !== "" ? unsignedReason(raw, body, context) : "malformed";
  if (reason !== undefined) return forged(reason);
  const content = decrypted(body, context.apiV3Key);
  if (!content) return forged("malformed");
  const { type, resource } = content;
  return isOf(resource, context.account) ? noticeOf(type, resource, context.account) : forged("foreign");
}

function unsignedReason(
  raw: RawNotice,
  body: string,
  context: WechatpayNoticeContext,
): ForgedNotice["reason"] | undefined {
  const header = (name: string): string => raw.headers[`wechatpay-${name}`] ?? "";
  const [time, nonce, serial, signature] = [
    header("timestamp"),
    header("nonce"),
    header("serial"),
    header("signature"),
  ];
  if ([time, nonce, serial, signature].includes("")) return "unsigned";
  if (signature.startsWith(PROBE)) return "probe";
  if (!(Math.abs(context.nowMs / 1_000 - Number(time)) <= TOLERANCE_SECONDS)) return "time";
  const key = Object.hasOwn(context.platformKeys, serial) ? context.platformKeys[serial] : undefined;
  if (key === undefined) return "key";
  return Rsa.verify(Formatter.response(time, nonce, body), signature, key) ? undefined : "signature";
}

type Content = { readonly type: string; readonly resource: Transaction };

function decrypted(body: string, apiV3Key: string): Content | undefined {
  try {
    const { event_type: type, resource } = JSON.parse(body) as {
      event_type: unknown;
      resource: Record<string, string>;
    };
    if (typeof type !== "string" || resource["algorithm"] !== "AEAD_AES_256_GCM") return undefined;
    const { ciphertext = "", nonce = "", associated_data: associated = "" } = resource;
    const text = Aes.AesGcm.decrypt(ciphertext, apiV3Key, nonce, associated);
    return { type, resource: JSON.parse(text) as Transaction };
  } catch {
    return undefined;
  }
}

function noticeOf(type: string, resource: Transaction, account: WechatpayAccount): Outcome<Notice, ForgedNotice> {
  const { out_trade_no: orderId, out_refund_no: refundId } = resource;
  if (typeof orderId !== "string") return forged("malformed");
  if (type.startsWith("REFUND.") && typeof refundId === "string") {
    return ok({ facts: [], claims: [], look: { at: "refund", orderId, refundId } });
  }
  if (resource["trade_state"] !== "SUCCESS") return ok({ facts: [], claims: [], look: { at: "order", orderId } });
  const fact = wechatpayFact(resource, account);
  return fact ? ok({ facts: [fact], claims: [], look: { at: "nothing" } }) : forged("malformed");
}
