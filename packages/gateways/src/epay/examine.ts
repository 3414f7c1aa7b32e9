import type { GatewayFinding } from "@jifen/billing";
import { clockFinding } from "../clock-finding.ts";
import { failureFinding } from "../failures.ts";
import { askEpay, type EpayCall } from "./api.ts";

/** Asks for the merchant's own record: it needs the right merchant and the right key. */
export async function examineEpay(call: EpayCall, nowMs: number): Promise<readonly GatewayFinding[]> {
  const asked = await askEpay(call, { act: "query" });
  if (!asked.ok) return [failureFinding(asked.refusal)];
  const { answer, dateMs } = asked.value;
  const isGood = answer["code"] === "1";
  const details = isGood ? `merchant ${call.config.pid} is known` : `${answer["code"]}: ${answer["msg"] ?? ""}`;
  return [{ check: "keys", isGood, details }, ...clockFinding(dateMs, nowMs)];
}
