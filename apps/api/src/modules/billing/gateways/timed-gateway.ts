import type { FromGateway, Gateway, GatewayFailure } from "@jifen/billing";
import type { CallResult, PaymentMeter } from "./payment-meter.ts";

const results: Readonly<Record<GatewayFailure["code"], CallResult>> = {
  GATEWAY_REFUSED: "refused",
  GATEWAY_UNAVAILABLE: "unavailable",
  GATEWAY_MISCONFIGURED: "misconfigured",
};

/** The same gateway, whose calls of the provider are measured. */
export function timedGateway(gateway: Gateway, meter: Pick<PaymentMeter, "call">): Gateway {
  const { channel, merchant, live, limits } = gateway;
  const recent = gateway.recent?.bind(gateway);
  const orderOf = gateway.orderOf?.bind(gateway);
  const timed = async <Value>(call: string, run: () => FromGateway<Value>): FromGateway<Value> => {
    const startedAt = performance.now();
    const outcome = await run();
    const result = outcome.ok ? "ok" : results[outcome.refusal.code];
    meter.call({ channel, call, result }, (performance.now() - startedAt) / 1_000);
    return outcome;
  };
  return {
    ...{ channel, merchant, live, limits },
    create: (request) => timed("create", () => gateway.create(request)),
    find: (order, txnId) => timed("find", () => gateway.find(order, txnId)),
    close: (order) => timed("close", () => gateway.close(order)),
    readNotice: (raw, nowMs) => gateway.readNotice(raw, nowMs),
    answer: (verdict) => gateway.answer(verdict),
    refund: (request) => timed("refund", () => gateway.refund(request)),
    findRefund: (refund) => timed("findRefund", () => gateway.findRefund(refund)),
    ...(orderOf && { orderOf: (txnId: string) => timed("orderOf", () => orderOf(txnId)) }),
    ...(recent && { recent: (cursor: string | undefined) => timed("recent", () => recent(cursor)) }),
    examine: (nowMs) => gateway.examine(nowMs),
  };
}
