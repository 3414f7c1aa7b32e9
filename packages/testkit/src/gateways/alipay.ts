import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { answerAlipay } from "./alipay-api.ts";
import { type AlipayAccount, signatureOf, textOf } from "./alipay-signing.ts";
import type { Payment, Refund, Trade } from "./books.ts";
import { beijing, yuan } from "./chinese-texts.ts";
import { type FakeCore, type FakeGateway, type FakeOptions, type FakeProtocol, startFake } from "./fake-server.ts";
import type { NoticeRequest } from "./notices.ts";
import type { Forgery } from "./switches.ts";

const newKeys = () => generateKeyPairSync("rsa", { modulusLength: 2048 });

/** Starts a fake of Alipay's gateway for QR codes, pages, queries and refunds. */
export async function startAlipay(options?: FakeOptions): Promise<FakeGateway> {
  const [app, alipay, foreign] = [newKeys(), newKeys(), newKeys()];
  const account: AlipayAccount = {
    ...{ appId: "2021000000000001", sellerId: "2088000000000001" },
    ...{ appKey: app.publicKey, alipayKey: alipay.privateKey, foreignKey: foreign.privateKey },
  };
  const settings = {
    ...{ ALIPAY_APP_ID: account.appId, ALIPAY_SELLER_ID: account.sellerId },
    ALIPAY_PRIVATE_KEY: base64Of(app.privateKey, "pkcs8"),
    ALIPAY_PUBLIC_KEY: base64Of(alipay.publicKey, "spki"),
  };
  return await startFake((core) => alipayProtocol(core, account, settings), options);
}

const base64Of = (key: KeyObject, type: "pkcs8" | "spki"): string =>
  key.export({ type, format: "der" }).toString("base64");

function alipayProtocol(core: FakeCore, account: AlipayAccount, keys: Readonly<Record<string, string>>): FakeProtocol {
  const { books, notices, now } = core;
  const notify = (trade: Trade, about: About, forgery?: Forgery): void =>
    notices.send(
      {
        number: trade.number,
        what: about.refund ? "refund" : "payment",
        make: (forged) => noticeOf(trade, about, { account, forged, now: now() }),
      },
      forgery,
    );
  const refunded = (trade: Trade, payment: Payment, refund: Refund): void => notify(trade, { payment, refund });
  return {
    settings: { ...keys, ALIPAY_GATEWAY: `${core.url}/gateway.do` },
    forgeries: [
      ...(["unsigned", "wrong-signature", "foreign-key", "changed", "other-merchant", "weak-algorithm"] as const),
      ...(["doubled-field", "other-encoding", "truncated"] as const),
    ],
    acts: ["pay", "pay-less", "close", "refund", "forge"],
    acknowledges: (status, body) => status === 200 && body.trim() === "success",
    opened: (trade) => {
      trade.isKnown = true;
    },
    answer: (request) => answerAlipay(request, { core, account, refunded }),
    act: (trade, act, forgery) => {
      const [payment] = trade.payments;
      if (act === "forge") {
        const pretended = { txnId: "2026000000000000", amountMinor: trade.content.amountMinor, paidAtMs: now() };
        notify(trade, { payment: pretended }, forgery ?? "wrong-signature");
        return undefined;
      }
      if (act === "close") {
        if (payment || trade.isClosed) return "the trade is not open";
        trade.isClosed = true;
        return undefined;
      }
      if (act === "refund") {
        if (!payment) return "the trade is not paid";
        const request = { number: `console-${randomBytes(8).toString("hex")}`, amountMinor: payment.amountMinor };
        const refund = books.refund(trade, payment, request);
        if (typeof refund === "string") return "the payment was refunded";
        refund.state = "done";
        refunded(trade, payment, refund);
        return undefined;
      }
      const paid = books.pay(trade, trade.content.amountMinor - (act === "pay-less" ? 1 : 0));
      if (typeof paid === "string") return `the trade is ${paid}`;
      trade.isKnown = true;
      notify(trade, { payment: paid });
      return undefined;
    },
  };
}

type About = { readonly payment: Payment; readonly refund?: Refund };
type Signing = { readonly account: AlipayAccount; readonly forged: Forgery | null; readonly now: number };

function noticeOf(trade: Trade, { payment, refund }: About, { account, forged, now }: Signing): NoticeRequest {
  const isWhole = refund && trade.refunds.reduce((sum, each) => sum + each.amountMinor, 0) >= payment.amountMinor;
  const fields = {
    ...{ notify_type: "trade_status_sync", notify_id: randomBytes(16).toString("hex"), notify_time: beijing(now) },
    ...{ app_id: forged === "other-merchant" ? "2021000000000002" : account.appId, seller_id: account.sellerId },
    ...{
      out_trade_no: trade.number,
      trade_no: payment.txnId,
      total_amount: yuan(payment.amountMinor),
      charset: "utf-8",
    },
    ...{ subject: trade.content.title, gmt_create: beijing(trade.createdAtMs), gmt_payment: beijing(payment.paidAtMs) },
    ...{ fund_bill_list: `[{"amount":"${yuan(payment.amountMinor)}","fundChannel":"100%+"}]`, version: "1.0" },
    trade_status: isWhole ? "TRADE_CLOSED" : "TRADE_SUCCESS",
    ...(refund && {
      refund_fee: yuan(refund.amountMinor),
      gmt_refund: `${beijing(refund.atMs)}.123`,
      out_biz_no: refund.number,
    }),
  };
  const isWeak = forged === "weak-algorithm";
  const key = forged === "foreign-key" ? account.foreignKey : account.alipayKey;
  const right = signatureOf(textOf(fields, []), key, isWeak ? "RSA-SHA1" : "RSA-SHA256");
  const sign = forged === "wrong-signature" ? Buffer.alloc(256, 1).toString("base64") : right;
  const sent = {
    ...fields,
    ...(forged === "changed" && { total_amount: yuan(payment.amountMinor + 100) }),
    ...(forged !== "unsigned" && { sign, sign_type: isWeak ? "RSA" : "RSA2" }),
  };
  return {
    ...{ method: "POST", url: trade.content.notifyUrl },
    headers: { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: bodyOf(new URLSearchParams(sent).toString(), forged),
  };
}

function bodyOf(text: string, forged: Forgery | null): string {
  if (forged === "doubled-field") return `total_amount=0.01&${text}`;
  if (forged === "truncated") return text.slice(0, text.length - 60);
  return forged === "other-encoding" ? text.replace(/subject=[^&]*/, "subject=100%BB%FD%B7%D6") : text;
}
