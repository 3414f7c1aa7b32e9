import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createPaymentMeter } from "./payment-meter.ts";

test("the first notice of a channel is an increase from zero, so that the alert for missing notices stays quiet", async () => {
  const meter = createPaymentMeter();
  const registry = new Registry();
  for (const metric of meter.metrics) registry.registerMetric(metric);
  meter.begin("epay");
  expect(await registry.metrics()).toContain('jifen_payment_notices_total{channel="epay",verdict="recorded"} 0');
  expect(await registry.metrics()).toContain('jifen_payments_total{channel="epay",result="accepted",source="query"} 0');
  meter.notice("epay", "recorded");
  expect(await registry.metrics()).toContain('jifen_payment_notices_total{channel="epay",verdict="recorded"} 1');
});
