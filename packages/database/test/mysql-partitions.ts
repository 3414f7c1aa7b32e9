import { monthsToPlace } from "../src/logs/log-store.ts";
import { monthOf } from "../src/logs/months.ts";

/** The partitions by month that `call_logs` of a new MySQL database has, in their order. */
export const firstPartitions = (nowMs: number): readonly string[] =>
  monthsToPlace(nowMs).map((timeMs) => `m${monthOf(timeMs).name}`);
