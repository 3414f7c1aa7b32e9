import type { FromGateway } from "@jifen/billing";
import { ok } from "@jifen/core";
import { misconfigured, refusedBy, unavailable } from "../failures.ts";
import { callProvider, type ProviderAnswer } from "../provider-call.ts";
import type { EpayConfig } from "./config.ts";

/** An answer of `mapi.php` or `api.php`. Clones write numbers as numbers or as text: all are text here. */
export type EpayAnswer = Readonly<Record<string, string>> & { readonly dateMs?: never };

/** What one call needs. */
export type EpayCall = { readonly config: EpayConfig; readonly url: string; readonly timeoutMs: number };

/** Asks `api.php` by POST, so that the key stands in no log; by GET where a clone reads only the query. */
export async function askEpay(
  { config, url, timeoutMs }: EpayCall,
  fields: Record<string, string>,
): FromGateway<Asked> {
  const form = new URLSearchParams({ ...fields, pid: config.pid, key: config.key });
  // Clones read the act from the query even of a POST.
  const posted = await callProvider({ method: "POST", url: `${url}/api.php?act=${fields["act"]}`, form, timeoutMs });
  const answer = posted.ok ? readAnswer(posted.value) : undefined;
  if (!posted.ok) return posted;
  if (answer && answer["code"] !== "-5") return judged(answer, posted.value.dateMs);
  if (fields["act"] === "refund") return unavailable("the answer is not JSON");
  const got = await callProvider({ method: "GET", url: `${url}/api.php?${form}`, timeoutMs });
  if (!got.ok) return got;
  const second = readAnswer(got.value);
  return second ? judged(second, got.value.dateMs) : unavailable("the answer is not JSON");
}

/** An answer with its time by the provider's clock. */
export type Asked = { readonly answer: EpayAnswer; readonly dateMs: number | undefined };

/** Sends a signed order to `mapi.php`. */
export async function orderAtEpay(
  { url, timeoutMs }: EpayCall,
  fields: Record<string, string>,
): FromGateway<EpayAnswer> {
  const form = new URLSearchParams(fields);
  const posted = await callProvider({ method: "POST", url: `${url}/mapi.php`, form, timeoutMs });
  if (!posted.ok) return posted;
  const answer = readAnswer(posted.value);
  if (!answer) return unavailable("the answer is not JSON");
  const judgedAnswer = judged(answer, undefined);
  if (!judgedAnswer.ok) return judgedAnswer;
  return answer["code"] === "1" ? ok(answer) : refusedBy(answer["code"] ?? "", answer["msg"] ?? "");
}

/** Wrong keys and merchants have no code of their own: clones answer different numbers with similar texts. */
function judged(answer: EpayAnswer, dateMs: number | undefined) {
  const text = answer["msg"] ?? "";
  if (answer["code"] !== "1" && /密钥|KEY|商户(ID)?不存在|商户已|签名|sign|PID/i.test(text)) {
    return misconfigured(`EPAY_PID or EPAY_KEY: ${text}`);
  }
  return ok({ answer, dateMs });
}

function readAnswer({ text }: ProviderAnswer): EpayAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("code" in value)) return undefined;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, each]) =>
        typeof each === "string" || typeof each === "number" ? [[name, String(each)]] : [],
      ),
    );
  } catch {
    return undefined;
  }
}
