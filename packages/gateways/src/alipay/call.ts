import type { FromGateway } from "@jifen/billing";
import { ok } from "@jifen/core";
import { AlipayRequestError, type AlipaySdk } from "alipay-sdk";
import { beijingTime } from "../beijing-time.ts";
import { misconfigured, noMerchantBalance, refusedBy, unavailable } from "../failures.ts";
import type { AlipayConfig } from "./config.ts";

/** What the calls of this adapter need. */
export type AlipayCall = {
  readonly sdk: AlipaySdk;
  readonly config: AlipayConfig;
  readonly live: boolean;
  readonly now: () => number;
};

/** The content of an answer whose signature is valid. */
export type AlipayAnswer = Readonly<Record<string, unknown>>;

/** Keys in snake case only: the SDK rewrites all others. */
type Content = Readonly<Record<string, string>>;

/** A method with its parameters. */
export type AlipayRequest = { readonly method: string; readonly content: Content; readonly notifyUrl?: string };

/** The parameters of a request. The SDK would take the time from the local time zone. */
export const paramsOf = ({ content, notifyUrl }: AlipayRequest, timeMs: number) => ({
  bizContent: content,
  timestamp: beijingTime(timeMs),
  ...(notifyUrl !== undefined && { notifyUrl }),
});

/** Asks Alipay. Only an answer with a valid signature is believed; code 10000 is a success. */
export async function askAlipay({ sdk, now }: AlipayCall, request: AlipayRequest): FromGateway<AlipayAnswer> {
  try {
    const answer: AlipayAnswer = await sdk.exec(request.method, paramsOf(request, now()), { validateSign: true });
    return answer["code"] === "10000" ? ok(answer) : failureOf(answer);
  } catch (error) {
    return unprovedFailure(error);
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** What a refusal means. https://opendocs.alipay.com/common/02km9f */
function failureOf(answer: AlipayAnswer) {
  const [code, subCode] = [textOf(answer["code"]), textOf(answer["sub_code"])];
  const reason = `${textOf(answer["msg"])} ${textOf(answer["sub_msg"]).split("，")[0]}`;
  if (isSettingsError(code, subCode)) return misconfigured(`ALIPAY settings: ${subCode} ${reason}`);
  if (code === "20000" || /SYSTEM_ERROR|^aop\./.test(subCode)) {
    return unavailable(`${code} ${subCode}`);
  }
  if (subCode === "ACQ.SELLER_BALANCE_NOT_ENOUGH") return noMerchantBalance(subCode);
  return refusedBy(subCode === "" ? code : subCode, reason);
}

const isSettingsError = (code: string, subCode: string): boolean =>
  code === "20001" ||
  code === "40006" ||
  /^isv\.(invalid-signature|invalid-app-id|missing-signature|invalid-timestamp|invalid-signature-type|app-)/.test(
    subCode,
  );

/** Without a valid signature nothing is a fact. Errors about the app itself are not signed. */
function unprovedFailure(error: unknown) {
  if (error instanceof AlipayRequestError) {
    const isAnswered = typeof error.responseDataRaw === "string" && error.responseDataRaw !== "";
    return unavailable(isAnswered ? "the answer has no valid signature" : error.message.replaceAll(/https?:\S+/g, "…"));
  }
  // What the SDK throws when it verifies an answer without a signature.
  const isUnsigned = error instanceof TypeError && "code" in error && error.code === "ERR_INVALID_ARG_TYPE";
  if (isUnsigned) return unavailable("the answer has no signature: ALIPAY_APP_ID may be wrong");
  throw error;
}
