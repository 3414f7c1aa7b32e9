import type { ForgedNotice, Notice, RawNotice } from "@jifen/billing";
import { type Outcome, ok } from "@jifen/core";
import { forged } from "../failures.ts";
import { readFields } from "../form-fields.ts";
import type { EpayConfig } from "./config.ts";
import { type EpayAccount, epayFact } from "./facts.ts";
import { hasEpaySignature } from "./sign.ts";

/** What a notice is verified with. */
export type EpayNoticeContext = { readonly config: EpayConfig; readonly account: EpayAccount; readonly nowMs: number };

/**
 * Verifies a notice, which comes as a query or as a form. Its key is a shared secret that also stands in queries, so by
 * default it only names a payment, and the query proves it.
 */
export function readEpayNotice(raw: RawNotice, context: EpayNoticeContext): Outcome<Notice, ForgedNotice> {
  const { config, account, nowMs } = context;
  const fields = readFields(raw.method === "GET" ? raw.query : Buffer.from(raw.body).toString("utf8"));
  if (!fields?.["out_trade_no"]) return forged("malformed");
  if (!fields["sign"]) return forged("unsigned");
  if (fields["sign_type"] && fields["sign_type"].toUpperCase() !== "MD5") return forged("algorithm");
  if (!hasEpaySignature(fields, config.key)) return forged("signature");
  if (fields["pid"] !== config.pid) return forged("foreign");
  const look = { at: "order", orderId: fields["out_trade_no"], txnId: fields["trade_no"] } as const;
  if (fields["trade_status"] !== "TRADE_SUCCESS") return ok({ facts: [], claims: [], look });
  const fact = epayFact(fields, account, nowMs);
  if (!fact) return forged("malformed");
  return ok(
    config.isConfirmed ? { facts: [], claims: [fact], look } : { facts: [fact], claims: [], look: { at: "nothing" } },
  );
}
