import type { FromGateway } from "@jifen/billing";
import { ok } from "@jifen/core";
import { Decorator } from "wechatpay-axios-plugin";
import { misconfigured, noMerchantBalance, refusedBy, unavailable } from "../failures.ts";
import { pemOf, readPrivateKey } from "../rsa-keys.ts";
import { platformKeysOf, type WechatpayConfig } from "./config.ts";

/** A request to WeChat Pay. */
type WechatpayRequest = { readonly method: "GET" | "POST"; readonly url: string; readonly data?: object };

/** An answer whose signature is valid. `dateMs`: by the provider's clock. */
type WechatpayAnswer = { readonly body: Readonly<Record<string, unknown>>; readonly dateMs: number };

/** Asks WeChat Pay. */
export type AskWechatpay = (request: WechatpayRequest) => FromGateway<WechatpayAnswer>;

const MAX_ANSWER_BYTES = 262_144;

/** Opens the client: it signs requests, and verifies answers with the key that each names. */
export function openWechatpayClient(config: WechatpayConfig, timeoutMs: number): AskWechatpay {
  const privateKey = readPrivateKey(config.privateKey);
  if (!privateKey) throw new RangeError("WECHATPAY_PRIVATE_KEY is no RSA private key");
  const options = {
    ...{ mchid: config.mchId, serial: config.certSerial, privateKey: pemOf(privateKey), certs: platformKeysOf(config) },
    ...{ timeout: timeoutMs, maxRedirects: 0, maxContentLength: MAX_ANSWER_BYTES },
    ...(config.apiUrl !== undefined && { baseURL: config.apiUrl }),
  };
  const client = Decorator.jsonBased(options);
  // Names the key with which answers are to be signed.
  const headers = config.publicKey && { "Wechatpay-Serial": config.publicKey.id };
  return async (request) => {
    try {
      const answer = await client.request<unknown>({ ...request, ...(headers && { headers }) });
      const body = typeof answer.data === "object" && answer.data !== null ? answer.data : {};
      return ok({ body: body as WechatpayAnswer["body"], dateMs: Date.parse(String(answer.headers["date"])) });
    } catch (error) {
      return wechatpayFailure(error);
    }
  };
}

type ThrownByClient = {
  readonly code?: unknown;
  readonly isAxiosError?: unknown;
  readonly response?: { readonly status: number; readonly data: unknown };
};

/** What an error means. Answers that are no success are not signed: what they say of an order is judged by the caller. */
function wechatpayFailure(error: unknown) {
  const { code, isAxiosError, response } = error as ThrownByClient;
  if (!(error instanceof Error) || isAxiosError !== true) throw error;
  if (!response) return unavailable(String(code ?? error.name));
  const { status, data } = response;
  if (status < 300) return unavailable(`the answer has no valid signature: ${String(code)}`);
  const said = typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
  const [providerCode, reason] = [String(said["code"] ?? status), String(said["message"] ?? "")];
  if (status === 401 || providerCode === "NO_AUTH" || providerCode === "APPID_MCHID_NOT_MATCH") {
    return misconfigured(`WECHATPAY settings: ${providerCode} ${reason}`);
  }
  if (providerCode === "NOT_ENOUGH") return noMerchantBalance(providerCode);
  return status >= 500 || status === 429 ? unavailable(`${status} ${providerCode}`) : refusedBy(providerCode, reason);
}
