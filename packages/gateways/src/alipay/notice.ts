import type { ForgedNotice, Look, Notice, RawNotice } from "@jifen/billing";
import { type Outcome, ok } from "@jifen/core";
import { parseBeijingTime } from "../beijing-time.ts";
import { forged } from "../failures.ts";
import { type Fields, readFields } from "../form-fields.ts";
import type { AlipayCall } from "./call.ts";
import { alipayFact } from "./trades.ts";

const PAID = ["TRADE_SUCCESS", "TRADE_FINISHED"];

/** Verifies a notice. It proves a payment by itself; for everything else Alipay is asked. */
export function readAlipayNotice(raw: RawNotice, call: AlipayCall): Outcome<Notice, ForgedNotice> {
  const { config, live } = call;
  const fields = raw.method === "POST" ? readFields(Buffer.from(raw.body).toString("utf8")) : undefined;
  const orderId = fields?.["out_trade_no"];
  if (!fields || !orderId) return forged("malformed");
  if (!fields["sign"]) return forged("unsigned");
  // The SDK would believe the notice about its algorithm, RSA with SHA-1 included.
  if (fields["sign_type"] !== "RSA2") return forged("algorithm");
  if ((fields["charset"] ?? "utf-8").toLowerCase() !== "utf-8") return forged("malformed");
  if (!isSigned(fields, call)) return forged("signature");
  const isOurs = fields["app_id"] === config.appId && [undefined, fields["seller_id"]].includes(config.sellerId);
  if (!isOurs) return forged("foreign");
  const paidAtMs = parseBeijingTime(fields["gmt_payment"]);
  const isPaid = PAID.includes(fields["trade_status"] ?? "") || fields["gmt_refund"] !== undefined;
  const fact = isPaid ? alipayFact(fields, { appId: config.appId, live }, paidAtMs) : undefined;
  if (PAID.includes(fields["trade_status"] ?? "") && !fact) return forged("malformed");
  return ok({ facts: fact ? [fact] : [], claims: [], look: lookOf(fields, orderId) });
}

/** A refund carries its number. A payment needs no query. */
function lookOf(fields: Fields, orderId: string): Look {
  const refundId = fields["out_biz_no"];
  if (fields["gmt_refund"] !== undefined && refundId) return { at: "refund", orderId, refundId };
  return PAID.includes(fields["trade_status"] ?? "") ? { at: "nothing" } : { at: "order", orderId };
}

function isSigned(fields: Fields, { sdk }: AlipayCall): boolean {
  try {
    // The other check of the SDK decodes values a second time, and fails at `%`.
    return sdk.checkNotifySignV2(fields);
  } catch {
    return false;
  }
}
