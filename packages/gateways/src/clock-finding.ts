import type { GatewayFinding } from "@jifen/billing";

/** Signatures with a time are refused when the clocks differ by more. */
const MAX_OFFSET_MS = 60_000;

/** Compares the provider's clock with ours; nothing when its answer has no date. */
export function clockFinding(dateMs: number | undefined, nowMs: number): readonly GatewayFinding[] {
  if (dateMs === undefined) return [];
  const offsetMs = nowMs - dateMs;
  const details = `our clock is ${Math.round(offsetMs / 1_000)} s ahead of the provider's`;
  return [{ check: "clock", isGood: Math.abs(offsetMs) <= MAX_OFFSET_MS, details }];
}
