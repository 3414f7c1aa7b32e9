import type { Gateway, NoticeVerdict, RawNotice } from "@jifen/billing";
import type { MeteredVerdict } from "../gateways/payment-meter.ts";
import type { PaymentDeps } from "../payment-deps.ts";
import { look } from "./look.ts";
import { settle } from "./settle.ts";

/**
 * Does what a notice of a provider proves, and asks the provider about the rest. A notice can only add money: whatever else it
 * says brings the next question forward. One that is refused changes no row but the health of its channel.
 * Rejects when the database cannot be reached: the provider sends the notice again.
 */
export async function receiveNotice(deps: PaymentDeps, gateway: Gateway, raw: RawNotice): Promise<MeteredVerdict> {
  const read = gateway.readNotice(raw, deps.nowMs());
  if (!read.ok) {
    // Providers send wrong signatures on purpose, to see that they are checked.
    if (read.refusal.reason === "probe") return "probe";
    deps.monitor.noteBadNotice(gateway, read.refusal.reason);
    return "forged";
  }
  deps.monitor.noteNotice(gateway);
  let verdict: NoticeVerdict = "recorded";
  for (const fact of read.value.facts) {
    if ((await settle(deps, fact, "notice")) === "unknown-order") verdict = "unknown-order";
  }
  const looked = await look(deps, gateway, read.value);
  return verdict === "recorded" ? looked : verdict;
}
